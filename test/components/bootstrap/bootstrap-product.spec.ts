import { expect } from "chai";
import { ArgumentError } from "../../../components/arguments.js";
import type { BootstrapProductArgs } from "../../../components/bootstrap/bootstrap-product.js";
import { BootstrapProduct } from "../../../components/bootstrap/bootstrap-product.js";
import { inMember, memberAccount, partitions } from "../../support/account.js";
import type { Declared, MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const product = (args: Partial<BootstrapProductArgs> = {}) =>
  new BootstrapProduct(
    "bootstrap",
    {
      account: memberAccount(),
      prefix: "cf",
      regions: ["eu-central-1"],
      documents: {
        bootstrap: "schemaVersion: '0.3'\n",
        reconcile: "schemaVersion: '0.3'\n",
        rename: "schemaVersion: '2.2'\n",
      },
      packages: { accountId: "111111111111", prefix: "log" },
      cloudWatch: { linux: { value: "{}", logGroups: ["/cf/ec2/linux/journal"] } },
      ...args,
    },
    inMember(),
  );

const statements = ({ inputs }: Declared, property: string) => {
  const written = inputs[property];
  return (typeof written === "string" ? JSON.parse(written) : written) as unknown;
};

for (const { partition, region } of partitions) {
  describe(`BootstrapProduct in ${partition} (declared; the rehearsal shows that it is enough)`, () => {
    let program: MockedProgram;
    before(async () => {
      program = await mockProgram();
      product({ account: memberAccount(partition), regions: [region] });
      await program.settled();
    });

    const document = (...Statement: unknown[]) => ({ Version: "2012-10-17", Statement });

    it("lets only automations of its account be the automation role", () => {
      const role = program.only("aws:iam/role:Role", "-automation");
      expect(statements(role, "assumeRolePolicy")).to.deep.equal(
        document({
          Sid: "AutomationsOfThisAccount",
          Effect: "Allow",
          Principal: { Service: "ssm.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "222222222222" },
            ArnLike: {
              "aws:SourceArn": `arn:${partition}:ssm:*:222222222222:automation-execution/*`,
            },
          },
        }),
      );
    });

    it("lets the automation do only what the runbook does", () => {
      const policy = program.only("aws:iam/rolePolicy:RolePolicy", "-automation");
      expect(policy.inputs["role"]).to.equal("bootstrap-roles-automation-physical");
      expect(statements(policy, "policy")).to.deep.equal(
        document(
          {
            Sid: "ReadInstances",
            Effect: "Allow",
            Action: "ec2:DescribeInstances",
            Resource: "*",
          },
          {
            Sid: "ReadAgents",
            Effect: "Allow",
            Action: "ssm:DescribeInstanceInformation",
            Resource: "*",
          },
          {
            Sid: "UseDocuments",
            Effect: "Allow",
            Action: "ssm:SendCommand",
            Resource: [
              `arn:${partition}:ssm:*::document/AWS-ConfigureAWSPackage`,
              `arn:${partition}:ssm:*::document/AmazonCloudWatch-ManageAgent`,
              `arn:${partition}:ssm:*::document/AWS-JoinDirectoryServiceDomain`,
              `arn:${partition}:ssm:*:222222222222:document/cf-ec2-bootstrap-rename`,
            ],
          },
          {
            Sid: "CommandEnabledInstances",
            Effect: "Allow",
            Action: "ssm:SendCommand",
            Resource: `arn:${partition}:ec2:*:222222222222:instance/*`,
            Condition: {
              StringEqualsIgnoreCase: { "ssm:resourceTag/cf.ec2.bootstrap.enabled": "true" },
            },
          },
          {
            Sid: "FollowCommands",
            Effect: "Allow",
            Action: ["ssm:CancelCommand", "ssm:ListCommandInvocations", "ssm:ListCommands"],
            Resource: "*",
          },
          {
            Sid: "WriteStatusTags",
            Effect: "Allow",
            Action: ["ec2:CreateTags", "ec2:DeleteTags"],
            Resource: `arn:${partition}:ec2:*:222222222222:instance/*`,
            Condition: {
              "ForAllValues:StringLike": { "aws:TagKeys": ["cf.ec2.bootstrap-status*"] },
              Null: { "aws:TagKeys": "false" },
            },
          },
          {
            Sid: "ReadSteps",
            Effect: "Allow",
            Action: "ssm:DescribeAutomationStepExecutions",
            Resource: `arn:${partition}:ssm:*:222222222222:automation-execution/*`,
          },
          {
            Sid: "ReadRuns",
            Effect: "Allow",
            Action: "ssm:GetAutomationExecution",
            Resource: `arn:${partition}:ssm:*:222222222222:automation-execution/*`,
          },
          {
            Sid: "FindCloudWatchConfigs",
            Effect: "Allow",
            Action: "ssm:GetParameter",
            Resource: `arn:${partition}:ssm:*:222222222222:parameter/cloudwatch/config/*`,
          },
          {
            Sid: "FindDirectories",
            Effect: "Allow",
            Action: "ds:DescribeDirectories",
            Resource: "*",
          },
          {
            Sid: "RequestBootstraps",
            Effect: "Allow",
            Action: "events:PutEvents",
            Resource: `arn:${partition}:events:*:222222222222:event-bus/default`,
            Condition: {
              StringEquals: {
                "events:source": "cf.ec2.bootstrap",
                "events:detail-type": "Bootstrap Requested",
              },
            },
          },
        ),
      );
    });

    it("lets only its own rules be the rules role", () => {
      const role = program.only("aws:iam/role:Role", "-rules");
      expect(statements(role, "assumeRolePolicy")).to.deep.equal(
        document({
          Sid: "RulesOfThisProduct",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "222222222222" },
            ArnLike: {
              "aws:SourceArn": `arn:${partition}:events:*:222222222222:rule/cf-ec2-bootstrap-*`,
            },
          },
        }),
      );
    });

    it("lets the rules start the runbook and hand it its role, to Systems Manager alone", () => {
      const policy = program.only("aws:iam/rolePolicy:RolePolicy", "-rules");
      expect(policy.inputs["role"]).to.equal("bootstrap-roles-rules-physical");
      expect(statements(policy, "policy")).to.deep.equal(
        document(
          {
            Sid: "StartRunbooks",
            Effect: "Allow",
            Action: "ssm:StartAutomationExecution",
            Resource: [
              `arn:${partition}:ssm:*:222222222222:automation-definition/cf-ec2-bootstrap:*`,
              `arn:${partition}:ssm:*:222222222222:document/cf-ec2-bootstrap`,
              `arn:${partition}:ssm:*:222222222222:automation-definition/cf-ec2-bootstrap-reconcile:*`,
              `arn:${partition}:ssm:*:222222222222:document/cf-ec2-bootstrap-reconcile`,
              `arn:${partition}:ssm:*:222222222222:automation-execution/*`,
            ],
          },
          {
            Sid: "PassAutomationRole",
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: ["arn:of:bootstrap-roles-automation", "arn:of:bootstrap-roles-reconcile"],
            Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
          },
        ),
      );
    });

    const logs =
      partition === "aws" ? `logs.${region}.amazonaws.com` : `logs.${region}.amazonaws.com.cn`;
    const topic = `arn:${partition}:sns:${region}:222222222222:cf-ec2-bootstrap-failures`;

    it("lets EventBridge, alarms and CloudWatch Logs use the key, for what the product has", () => {
      const key = program.only("aws:kms/key:Key");
      expect(key.inputs["enableKeyRotation"]).to.equal(true);
      expect(statements(key, "policy")).to.deep.equal(
        document(
          {
            Sid: "IamOfThisAccountDecides",
            Effect: "Allow",
            Principal: { AWS: `arn:${partition}:iam::222222222222:root` },
            Action: "kms:*",
            Resource: "*",
          },
          {
            Sid: "RulesEncryptMessages",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: "*",
            Condition: { StringEquals: { "aws:SourceAccount": "222222222222" } },
          },
          {
            Sid: "RulesEncryptNotifications",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
            Resource: "*",
            Condition: { StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topic } },
          },
          {
            Sid: "AlarmsEncryptNotifications",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
            Resource: "*",
            Condition: {
              StringEquals: {
                "aws:SourceAccount": "222222222222",
                "kms:EncryptionContext:aws:sns:topicArn": topic,
              },
            },
          },
          {
            Sid: "LogsEncryptHostLogs",
            Effect: "Allow",
            Principal: { Service: logs },
            Action: [
              "kms:Encrypt",
              "kms:Decrypt",
              "kms:ReEncrypt*",
              "kms:GenerateDataKey*",
              "kms:DescribeKey",
            ],
            Resource: "*",
            Condition: {
              ArnLike: {
                "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:222222222222:log-group:/cf/ec2/*`,
              },
            },
          },
        ),
      );
    });

    it("takes failed runs from their rule only, over TLS only", () => {
      const queue = `arn:of:bootstrap-${region}-failures-queue`;
      const policy = program.only("aws:sqs/queuePolicy:QueuePolicy", "-failures-policy");
      expect(statements(policy, "policy")).to.deep.equal(
        document(
          {
            Sid: "RuleSendsFailures",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queue,
            Condition: {
              ArnEquals: { "aws:SourceArn": `arn:of:bootstrap-${region}-failures-rule` },
            },
          },
          {
            Sid: "OnlyOverTls",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queue,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ),
      );
    });

    it("takes notifications from EventBridge and from alarms of its account and Region", () => {
      const Resource = `arn:of:bootstrap-${region}-notifications-topic`;
      expect(statements(program.only("aws:sns/topicPolicy:TopicPolicy"), "policy")).to.deep.equal(
        document(
          {
            Sid: "RulesNotify",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sns:Publish",
            Resource,
          },
          {
            Sid: "AlarmsNotify",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource,
            Condition: {
              StringEquals: { "aws:SourceAccount": "222222222222" },
              ArnLike: {
                "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:222222222222:alarm:*`,
              },
            },
          },
          {
            Sid: "OnlyOverTls",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ),
      );
    });

    it("takes dead letters from its rules only, over TLS only", () => {
      const queue = `arn:of:bootstrap-${region}-dead-letters-queue`;
      const policy = program.only("aws:sqs/queuePolicy:QueuePolicy", "-dead-letters-policy");
      expect(statements(policy, "policy")).to.deep.equal(
        document(
          {
            Sid: "RulesSendDeadLetters",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: queue,
            Condition: {
              ArnLike: {
                "aws:SourceArn": [
                  "running",
                  "tags",
                  "requested",
                  "missed",
                  "failed",
                  "reconcile",
                  "schedule-*",
                ].map(
                  (rule) =>
                    `arn:${partition}:events:${region}:222222222222:rule/cf-ec2-bootstrap-${rule}`,
                ),
              },
            },
          },
          {
            Sid: "OnlyOverTls",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: queue,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ),
      );
    });

    const paths = {
      running: "$.detail.instance-id",
      tags: "$.resources[0]",
      requested: "$.detail.instance-id",
      missed: "$.detail.instance-id",
    };
    for (const [rule, instance] of Object.entries(paths)) {
      it(`starts the runbook's default version by the rule ${rule}, with what it needs`, () => {
        const { inputs } = program.only(
          "aws:cloudwatch/eventTarget:EventTarget",
          `-${rule}-target`,
        );
        const { inputTransformer, ...target } = inputs;
        expect(target).to.deep.equal({
          rule: `cf-ec2-bootstrap-${rule}`,
          arn: `arn:${partition}:ssm:${region}:222222222222:automation-definition/cf-ec2-bootstrap:$DEFAULT`,
          roleArn: "arn:of:bootstrap-roles-rules",
          retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
          deadLetterConfig: { arn: `arn:of:bootstrap-${region}-dead-letters-queue` },
          region,
        });
        const { inputPaths, inputTemplate } = inputTransformer as Record<string, unknown>;
        expect(inputPaths).to.deep.equal({ instance });
        expect(JSON.parse(String(inputTemplate))).to.deep.equal({
          InstanceId: ["<instance>"],
          AutomationAssumeRole: ["arn:of:bootstrap-roles-automation"],
          PackageArnPrefix: [`arn:${partition}:ssm:${region}:111111111111:document/log-package-`],
          RenameDocument: ["cf-ec2-bootstrap-rename"],
          Again: [String(rule === "requested")],
        });
      });
    }

    it("starts nothing before the runbook and what sees its failures are there", () => {
      const trigger = program.only("fleet:index:BootstrapTrigger", "-running");
      expect(trigger.dependsOn).to.include.members(
        [
          program.only("aws:ssm/document:Document", `-${region}-runbook`),
          program.only("aws:ssm/document:Document", "-rename"),
          ...program.all("aws:ssm/parameter:Parameter"),
          ...program.all("aws:cloudwatch/logGroup:LogGroup"),
          ...program.all("aws:sqs/queuePolicy:QueuePolicy"),
          program.only("aws:cloudwatch/eventTarget:EventTarget", "-failures-to-topic"),
          program.only("aws:cloudwatch/eventTarget:EventTarget", "-failures-to-queue"),
        ].map(({ urn }) => urn),
      );
    });
  });
}

describe("BootstrapProduct", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await mockProgram();
  });

  it("hands AWS its documents byte for byte", async () => {
    const bootstrap = "# a comment\nschemaVersion: '0.3' \n";
    product({
      documents: { bootstrap, reconcile: "# reconcile", rename: "schemaVersion:  '2.2'" },
    });
    await program.settled();
    const documents = program.all("aws:ssm/document:Document");
    expect(documents.map(({ inputs }) => inputs)).to.have.deep.members([
      {
        name: "cf-ec2-bootstrap",
        documentType: "Automation",
        documentFormat: "YAML",
        content: bootstrap,
        region: "eu-central-1",
      },
      {
        name: "cf-ec2-bootstrap-reconcile",
        documentType: "Automation",
        documentFormat: "YAML",
        content: "# reconcile",
        region: "eu-central-1",
      },
      {
        name: "cf-ec2-bootstrap-rename",
        documentType: "Command",
        documentFormat: "YAML",
        content: "schemaVersion:  '2.2'",
        region: "eu-central-1",
      },
    ]);
    expect(documents.every(({ deleteBeforeReplace }) => deleteBeforeReplace)).to.equal(true);
  });

  const patterns = {
    "running-rule": [
      "cf-ec2-bootstrap-running",
      "Bootstraps an instance when it starts",
      {
        source: ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        detail: { state: ["running"] },
      },
    ],
    "tags-rule": [
      "cf-ec2-bootstrap-tags",
      "Bootstraps an instance when its bootstrap tags change",
      {
        source: ["aws.tag"],
        "detail-type": ["Tag Change on Resource"],
        detail: {
          service: ["ec2"],
          "resource-type": ["instance"],
          "changed-tag-keys": [{ prefix: "cf.ec2.bootstrap." }],
        },
      },
    ],
    "requested-rule": [
      "cf-ec2-bootstrap-requested",
      "Bootstraps an instance when the bootstrap runbook requests it",
      { source: ["cf.ec2.bootstrap"], "detail-type": ["Bootstrap Requested"] },
    ],
    "missed-rule": [
      "cf-ec2-bootstrap-missed",
      "Bootstraps an instance that the reconcile runbook found without a current success",
      { source: ["cf.ec2.bootstrap"], "detail-type": ["Bootstrap Missed"] },
    ],
    "failures-rule": [
      "cf-ec2-bootstrap-failed",
      "Notifies people of a failed bootstrap and keeps the failure in a queue",
      {
        source: ["aws.ssm"],
        "detail-type": ["EC2 Automation Execution Status-change Notification"],
        detail: {
          Definition: ["cf-ec2-bootstrap", "cf-ec2-bootstrap-reconcile"],
          Status: ["Failed", "TimedOut", "Cancelled"],
        },
      },
    ],
  } as const;
  for (const [end, [ruleName, description, pattern]] of Object.entries(patterns)) {
    it(`has the rule ${ruleName}`, async () => {
      product();
      await program.settled();
      const declared = program.only("aws:cloudwatch/eventRule:EventRule", `-${end}`);
      const { eventPattern, ...rule } = declared.inputs;
      expect(rule).to.deep.equal({ name: ruleName, description, region: "eu-central-1" });
      expect(JSON.parse(String(eventPattern))).to.deep.equal(pattern);
    });
  }

  it("looks for lost bootstraps every hour, with a role that can only ask for them", async () => {
    product();
    await program.settled();
    expect(
      program.only("aws:cloudwatch/eventRule:EventRule", "-reconcile-rule").inputs,
    ).to.deep.equal({
      name: "cf-ec2-bootstrap-reconcile",
      description: "Starts the runbook that finds lost bootstraps and requests them again",
      scheduleExpression: "rate(1 hour)",
      region: "eu-central-1",
    });
    const { inputs } = program.only("aws:cloudwatch/eventTarget:EventTarget", "-reconcile-target");
    expect(inputs).to.deep.equal({
      rule: "cf-ec2-bootstrap-reconcile",
      arn: "arn:aws:ssm:eu-central-1:222222222222:automation-definition/cf-ec2-bootstrap-reconcile:$DEFAULT",
      roleArn: "arn:of:bootstrap-roles-rules",
      input: '{"AutomationAssumeRole":["arn:of:bootstrap-roles-reconcile"]}',
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: "arn:of:bootstrap-eu-central-1-dead-letters-queue" },
      region: "eu-central-1",
    });
    const policy = program.only("aws:iam/rolePolicy:RolePolicy", "-reconcile");
    const { Statement } = statements(policy, "policy") as {
      Statement: { Sid: string; Condition?: unknown }[];
    };
    expect(Statement.map(({ Sid, Condition }) => [Sid, Condition])).to.deep.equal([
      ["ReadInstances", undefined],
      ["ReadRuns", undefined],
      [
        "TellOfMissedBootstraps",
        {
          StringEquals: {
            "events:source": "cf.ec2.bootstrap",
            "events:detail-type": "Bootstrap Missed",
          },
        },
      ],
    ]);
  });

  it("sends every failed run to the topic and to a queue, and what cannot be sent to the other", async () => {
    product();
    await program.settled();
    const targets = program
      .all("aws:cloudwatch/eventTarget:EventTarget")
      .filter(({ name }) => name.includes("-failures-to-"));
    expect(targets.map(({ inputs }) => inputs)).to.deep.equal(
      [
        "arn:of:bootstrap-eu-central-1-failures-queue",
        "arn:of:bootstrap-eu-central-1-notifications-topic",
      ].map((arn) => ({
        rule: "cf-ec2-bootstrap-failed",
        arn,
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: "arn:of:bootstrap-eu-central-1-dead-letters-queue" },
        region: "eu-central-1",
      })),
    );
  });

  it("notifies every address, in every Region, by an encrypted topic", async () => {
    product({
      regions: ["eu-central-1", "eu-west-1"],
      notify: ["ops@example.com", "duty@example.com"],
    });
    await program.settled();
    const topics = program.all("aws:sns/topic:Topic").map(({ inputs }) => inputs);
    expect(topics).to.deep.equal(
      ["eu-central-1", "eu-west-1"].map((region) => ({
        name: "cf-ec2-bootstrap-failures",
        kmsMasterKeyId: `arn:of:bootstrap-${region}-encryption-key`,
        region,
      })),
    );
    const subscriptions = program.all("aws:sns/topicSubscription:TopicSubscription");
    expect(subscriptions.map(({ inputs }) => inputs)).to.deep.equal(
      ["eu-central-1", "eu-west-1"].flatMap((region) =>
        ["duty@example.com", "ops@example.com"].map((endpoint) => ({
          topic: `arn:of:bootstrap-${region}-notifications-topic`,
          protocol: "email",
          endpoint,
          region,
        })),
      ),
    );
  });

  it("keeps dead letters and failed runs, encrypted, for 14 days", async () => {
    product();
    await program.settled();
    const queues = program.all("aws:sqs/queue:Queue");
    expect(queues.map(({ name }) => name)).to.have.members([
      "bootstrap-eu-central-1-dead-letters-queue",
      "bootstrap-eu-central-1-failures-queue",
    ]);
    for (const { inputs } of queues) {
      expect(inputs).to.deep.equal({
        kmsMasterKeyId: "arn:of:bootstrap-eu-central-1-encryption-key",
        messageRetentionSeconds: 1209600,
        region: "eu-central-1",
      });
    }
  });

  it("raises an alarm at the first dead letter, and notifies people", async () => {
    product();
    await program.settled();
    expect(program.only("aws:cloudwatch/metricAlarm:MetricAlarm").inputs).to.deep.equal({
      alarmDescription:
        "Instances of eu-central-1 whose bootstrap could not be started; see the queue's messages",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "bootstrap-eu-central-1-dead-letters-queue-physical" },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: ["arn:of:bootstrap-eu-central-1-notifications-topic"],
      region: "eu-central-1",
    });
  });

  it("has its roles once and all else in every Region", async () => {
    product({ regions: ["eu-central-1", "eu-west-1"] });
    await program.settled();
    expect(program.all("aws:iam/role:Role")).to.have.length(3);
    expect(program.all("aws:iam/rolePolicy:RolePolicy")).to.have.length(3);
    const inBoth = [
      "aws:kms/key:Key",
      "aws:kms/alias:Alias",
      "aws:ssm/document:Document",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:ssm/parameter:Parameter",
      "aws:sns/topic:Topic",
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:sqs/queue:Queue",
      "aws:sqs/queuePolicy:QueuePolicy",
      "aws:cloudwatch/eventRule:EventRule",
      "aws:cloudwatch/eventTarget:EventTarget",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
    ];
    for (const type of inBoth) {
      const regions = program.all(type).map(({ inputs }) => inputs["region"]);
      const home = regions.filter((region) => region === "eu-central-1");
      expect([...new Set(regions)], type).to.deep.equal(["eu-central-1", "eu-west-1"]);
      expect(home, type).to.have.length(regions.length / 2);
    }
  });

  it("refuses no Regions and a document that SSM would", () => {
    const documents = { bootstrap: "a".repeat(65537), reconcile: "", rename: "" };
    expect(() => product({ regions: [], documents })).to.throw(
      ArgumentError,
      [
        'BootstrapProduct "bootstrap": invalid arguments',
        "  regions: expected at least one Region, got none",
        "  documents.bootstrap: expected at most 65536 bytes, got 65537",
      ].join("\n"),
    );
  });
});
