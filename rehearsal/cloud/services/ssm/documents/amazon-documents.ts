/**
 * AWS's own documents that the local cloud models, with AWS's parameter blocks. Sources: `aws ssm get-document
 * --name AWS-RunShellScript` as printed in the AWS CLI's reference; for AWS-ConfigureAWSPackage the parameter
 * block in aws-samples/aws-organization-centralised-package-distribution, which passes it on unchanged.
 */
export interface AmazonDocument {
  readonly name: string;
  readonly documentType: "Command";
  readonly content: object;
}

/** 1 to 172800 seconds (48 hours). */
const EXECUTION_TIMEOUT =
  "([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)";

const PACKAGE_NAME =
  "^arn:[a-z0-9][-.a-z0-9]{0,62}:[a-z0-9][-.a-z0-9]{0,62}:([a-z0-9][-.a-z0-9]{0,62})?:([a-z0-9][-.a-z0-9]{0,62})?:(package|document)\\/[a-zA-Z0-9/:.\\-_]{1,128}$|^[a-zA-Z0-9/:.\\-_]{1,128}$";

/** A document that runs commands by one plugin. */
function runScript(name: string, plugin: string, description: string): AmazonDocument {
  return {
    name,
    documentType: "Command",
    content: {
      schemaVersion: "1.2",
      description,
      parameters: {
        commands: {
          type: "StringList",
          description: "(Required) Specify a script or a command to run.",
          minItems: 1,
          displayType: "textarea",
        },
        workingDirectory: {
          type: "String",
          default: "",
          description: "(Optional) The path to the working directory on your instance.",
          maxChars: 4096,
        },
        executionTimeout: {
          type: "String",
          default: "3600",
          description:
            "(Optional) The time in seconds for a command to complete before it is considered to have failed. Default is 3600 (1 hour). Maximum is 172800 (48 hours).",
          allowedPattern: EXECUTION_TIMEOUT,
        },
      },
      runtimeConfig: {
        [plugin]: {
          properties: [
            {
              id: `0.${plugin}`,
              runCommand: "{{ commands }}",
              workingDirectory: "{{ workingDirectory }}",
              timeoutSeconds: "{{ executionTimeout }}",
            },
          ],
        },
      },
    },
  };
}

/** AWS's scripts are not available here: the agent's model of them replaces them. */
function manageStep(name: string, action: string, platform: string): object {
  return {
    name,
    action,
    precondition: { StringEquals: ["platformType", platform] },
    inputs: {
      modelledAs: "AmazonCloudWatch-ManageAgent",
      action: "{{ action }}",
      mode: "{{ mode }}",
      source: "{{ optionalConfigurationSource }}",
      location: "{{ optionalConfigurationLocation }}",
      restart: "{{ optionalRestart }}",
    },
  };
}

export const AMAZON_DOCUMENTS: readonly AmazonDocument[] = [
  runScript(
    "AWS-RunShellScript",
    "aws:runShellScript",
    "Run a shell script or specify the commands to run.",
  ),
  runScript(
    "AWS-RunPowerShellScript",
    "aws:runPowerShellScript",
    "Run a PowerShell script or specify the paths to scripts to run.",
  ),
  {
    name: "AWS-ConfigureAWSPackage",
    documentType: "Command",
    content: {
      schemaVersion: "2.2",
      description:
        "Install or uninstall a Distributor package. You can install the latest version, default version, or a version of the package you specify. Packages provided by AWS such as AmazonCloudWatchAgent, AwsEnaNetworkDriver, and AWSPVDriver are also supported.",
      parameters: {
        action: {
          description: "(Required) Specify whether or not to install or uninstall the package.",
          type: "String",
          allowedValues: ["Install", "Uninstall"],
        },
        installationType: {
          description:
            "(Optional) Specify the type of installation. Uninstall and reinstall: The application is taken offline until the reinstallation process completes. In-place update: The application is available while new or updated files are added to the installation.",
          type: "String",
          allowedValues: ["Uninstall and reinstall", "In-place update"],
          default: "Uninstall and reinstall",
        },
        name: {
          description: "(Required) The package to install/uninstall.",
          type: "String",
          allowedPattern: PACKAGE_NAME,
        },
        version: {
          description:
            "(Optional) The version of the package to install or uninstall. If you don't specify a version, the system installs the latest published version by default. The system will only attempt to uninstall the version that is currently installed. If no version of the package is installed, the system returns an error.",
          type: "String",
          default: "",
        },
        additionalArguments: {
          description:
            "(Optional) The additional parameters to provide to your install, uninstall, or update scripts.",
          type: "StringMap",
          displayType: "textarea",
          default: {},
          maxChars: 4096,
        },
      },
      mainSteps: [
        {
          action: "aws:configurePackage",
          name: "configurePackage",
          inputs: {
            name: "{{ name }}",
            action: "{{ action }}",
            installationType: "{{ installationType }}",
            version: "{{ version }}",
            additionalArguments: "{{ additionalArguments }}",
          },
        },
      ],
    },
  },
  {
    // Source of the parameter block: copies of the document in public repositories.
    name: "AmazonCloudWatch-ManageAgent",
    documentType: "Command",
    content: {
      schemaVersion: "2.2",
      description: "Send commands to Amazon CloudWatch Agent",
      parameters: {
        action: {
          description: "The action CloudWatch Agent should take.",
          type: "String",
          default: "configure",
          allowedValues: [
            "configure",
            "configure (append)",
            "configure (remove)",
            "start",
            "status",
            "stop",
          ],
        },
        mode: {
          description:
            "Controls platform-specific default behavior such as whether to include EC2 Metadata in metrics.",
          type: "String",
          default: "ec2",
          allowedValues: ["ec2", "onPremise", "auto"],
        },
        optionalConfigurationSource: {
          description:
            "Only for 'configure' related actions. Use 'ssm' to apply a ssm parameter as config. Use 'default' to apply default config for amazon-cloudwatch-agent. Use 'all' with 'configure (remove)' to clean all configs for amazon-cloudwatch-agent.",
          type: "String",
          default: "ssm",
          allowedValues: ["ssm", "default", "all"],
        },
        optionalConfigurationLocation: {
          description: "Only for 'configure' related actions. The SSM parameter of the config.",
          type: "String",
          default: "",
          allowedPattern: '[a-zA-Z0-9-"~:_@./^(*)!<>?=+]*$',
        },
        optionalRestart: {
          description: "Only for 'configure' related actions. If 'yes', restarts the agent.",
          type: "String",
          default: "yes",
          allowedValues: ["yes", "no"],
        },
      },
      mainSteps: [
        manageStep("ControlCloudWatchAgentWindows", "aws:runPowerShellScript", "Windows"),
        manageStep("ControlCloudWatchAgentLinux", "aws:runShellScript", "Linux"),
      ],
    },
  },
  {
    // Source of the parameters: user guide, "AWS-JoinDirectoryServiceDomain" in "aws:domainJoin".
    name: "AWS-JoinDirectoryServiceDomain",
    documentType: "Command",
    content: {
      schemaVersion: "2.2",
      description: "Join your instances to an AWS Directory Service domain.",
      parameters: {
        directoryId: {
          type: "String",
          description: "(Required) The ID of the AWS Directory Service directory.",
        },
        directoryName: { type: "String", description: "(Required) The name of the domain." },
        directoryOU: {
          type: "String",
          default: "",
          description: "(Optional) The organizational unit (OU) for the directory.",
        },
        dnsIpAddresses: {
          type: "StringList",
          default: [],
          description: "(Optional) The IP addresses of the DNS servers in the directory.",
        },
      },
      mainSteps: [
        {
          action: "aws:domainJoin",
          name: "domainJoin",
          inputs: {
            directoryId: "{{ directoryId }}",
            directoryName: "{{ directoryName }}",
            directoryOU: "{{ directoryOU }}",
            dnsIpAddresses: "{{ dnsIpAddresses }}",
          },
        },
      ],
    },
  },
];
