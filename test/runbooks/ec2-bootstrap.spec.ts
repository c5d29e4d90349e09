import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadRunbook } from "../../runbooks/loader/runbook.js";
import { apiStep } from "../../rehearsal/cloud/services/ssm/automation/automation-api.js";
import { filterSteps } from "../../rehearsal/cloud/services/ssm/automation/automation-filters.js";
import type { AutomationExecution } from "../../rehearsal/runbook/execution.js";
import { automationDocumentProblems } from "../../rehearsal/runbook/schema.js";
import type { Api, Played } from "../../rehearsal/test/runbook/support.js";
import { play, refused, throttled, trail } from "../../rehearsal/test/runbook/support.js";

const FILE = join(__dirname, "../../runbooks/ec2-bootstrap.yaml");
const INSTANCE = "i-0123456789abcdef0";
const PREFIX = "arn:aws:ssm:eu-central-1:111111111111:document/cf-package-";

/** Before every run of these tests. */
const LAUNCHED = new Date("2026-01-05T07:50:00Z");

interface Host {
  /** Absent: DescribeInstances knows no such instance. */
  readonly state?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly ping?: string;
  /** Packages whose install fails, with what the host writes. */
  readonly failing?: Readonly<Record<string, string>>;
  readonly apis?: Readonly<Record<string, Api>>;
  readonly instance?: string;
  /** Whether whoever starts the run wants it whatever went before. */
  readonly again?: "true";
  readonly windows?: boolean;
  /** Names of CloudWatch configurations that are there. */
  readonly configs?: readonly string[];
  /** How the automations of others stand, by id. */
  readonly runs?: Readonly<Record<string, string>>;
}

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The operations that the runbook needs, for one host. Its tags are what the runbook makes of them. */
function apisFor(host: Host): Record<string, Api> {
  const { state, ping = "Online", failing = {}, windows = false } = host;
  const tags = new Map(Object.entries(host.tags ?? {}));
  return {
    "ec2:DescribeInstances": () =>
      state === undefined
        ? refused("InvalidInstanceID.NotFound", "does not exist")
        : {
            Reservations: [
              {
                Instances: [
                  {
                    InstanceId: INSTANCE,
                    State: { Name: state },
                    LaunchTime: LAUNCHED,
                    Tags: tagList(Object.fromEntries(tags)),
                    ...(windows && { Platform: "windows" }),
                  },
                ],
              },
            ],
          },
    "ssm:DescribeInstanceInformation": () => ({ InstanceInformationList: [{ PingStatus: ping }] }),
    "ssm:SendCommand": ({ DocumentName, Parameters }) => ({
      Command: {
        CommandId: (Parameters as { name?: string[] }).name?.[0] ?? DocumentName,
        Status: "Pending",
      },
    }),
    "ssm:ListCommands": ({ CommandId }) => {
      const failed = String(CommandId).replace(PREFIX, "") in failing;
      return { Commands: [{ Status: failed ? "Failed" : "Success" }] };
    },
    "ssm:ListCommandInvocations": ({ CommandId }) => {
      const output = failing[String(CommandId).replace(PREFIX, "")];
      const Status = output === undefined ? "Success" : "Failed";
      const plugin = { Output: output ?? "installed", ResponseCode: output === undefined ? 0 : 1 };
      return { CommandInvocations: [{ InstanceId: INSTANCE, Status, CommandPlugins: [plugin] }] };
    },
    "ssm:DescribeAutomationStepExecutions": ({ Filters }, { execution }) =>
      stepsOf(execution, Filters),
    "ssm:GetAutomationExecution": ({ AutomationExecutionId }) => {
      const status = host.runs?.[String(AutomationExecutionId)];
      return status === undefined
        ? refused("AutomationExecutionNotFoundException", "there is none")
        : { AutomationExecution: { AutomationExecutionStatus: status } };
    },
    "ssm:GetParameter": ({ Name }) =>
      host.configs?.some((name) => Name === `/cloudwatch/config/${name}`)
        ? { Parameter: { Value: "{}" } }
        : refused("ParameterNotFound", ""),
    "ds:DescribeDirectories": ({ DirectoryIds }) =>
      (DirectoryIds as string[])[0] === "d-1234567890"
        ? {
            DirectoryDescriptions: [
              { Name: "corp.example.com", DnsIpAddrs: ["10.0.0.1", "10.0.0.2"] },
            ],
          }
        : refused("EntityDoesNotExistException", ""),
    "ec2:CreateTags": ({ Tags }) => {
      for (const { Key, Value } of Tags as { Key: string; Value: string }[]) tags.set(Key, Value);
      return {};
    },
    "ec2:DeleteTags": ({ Tags }) => {
      for (const { Key } of Tags as { Key: string }[]) tags.delete(Key);
      return {};
    },
    "events:PutEvents": () => ({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] }),
    ...host.apis,
  };
}

function stepsOf({ steps }: AutomationExecution, filters: unknown) {
  const found = filterSteps(steps, (filters ?? []) as { Key: string; Values: string[] }[]);
  return { StepExecutions: found.map(apiStep) };
}

function bootstrap(host: Host): Promise<Played> {
  return play(readFileSync(FILE, "utf8"), {
    parameters: {
      InstanceId: host.instance ?? INSTANCE,
      AutomationAssumeRole: "arn:aws:iam::111122223333:role/automation",
      PackageArnPrefix: PREFIX,
      RenameDocument: "cf-ec2-bootstrap-rename",
      Again: host.again ?? "false",
    },
    apis: apisFor(host),
  });
}

const wanting = (packages?: string) => ({
  state: "running",
  tags: {
    "cf.ec2.bootstrap.enabled": "true",
    ...(packages !== undefined && { "cf.ec2.bootstrap.packages": packages }),
  },
});

/** The packages that commands were sent for. */
const sent = ({ inputs }: Played) =>
  inputs.flatMap(({ Parameters }) => (Parameters as { name: string[] } | undefined)?.name ?? []);

/** The status tags, without their common start. */
function written({ inputs }: Played): Record<string, string> | undefined {
  // The last one: the first one takes the lease.
  const calls = inputs.filter(({ Tags }) => Tags !== undefined);
  const tags = calls.at(-1)?.Tags as { Key: string; Value: string }[] | undefined;
  if (tags === undefined) return undefined;
  return Object.fromEntries(
    tags.map(({ Key, Value }) => [
      Key.replace(/^cf\.ec2\.bootstrap-status\.?/, "") || "status",
      Value,
    ]),
  );
}

describe("ec2-bootstrap.yaml", function () {
  // The first script waits until the interpreter is loaded.
  this.timeout(60_000);

  it("is a runbook that nothing is wrong with", () => {
    expect(loadRunbook(FILE).steps.map(({ name }) => name)).to.deep.equal([
      "readIntent",
      "whetherEnabled",
      "waitForAgentOnly",
      "waitForAgent",
      "confirmLease",
      "carryOut",
      "record",
    ]);
  });

  it("holds to AWS's own schema", () => {
    expect(automationDocumentProblems(readFileSync(FILE, "utf8"), "YAML")).to.deep.equal([]);
  });

  it("gives a command more time than its command can take", () => {
    const loop = loadRunbook(FILE).steps.find((step) => step.action === "aws:loop");
    const install = loop?.inputs.Steps.find((step) => step.action === "aws:runCommand");
    // The agent ends a command after an hour where its document does not say.
    const longest = Number(install?.inputs.TimeoutSeconds) + 3600;
    expect(Number(install?.timeoutSeconds)).to.be.greaterThan(longest);
  });

  it("has room for the parameters' values in AWS's 64 KB", () => {
    expect(readFileSync(FILE).length).to.be.lessThan(40 * 1024);
  });

  describe("installs what the tags ask for", () => {
    const lists: [tag: string, packages: string[]][] = [
      ['["a","b-1_2.3"]', ["a", "b-1_2.3"]],
      ["a, b ,,c", ["a", "b", "c"]],
      ["[ ]", []],
      ["", []],
      ["  ", []],
      ["SKIP", []],
      [" skip ", []],
      ["a,a", ["a"]],
    ];
    for (const [tag, packages] of lists) {
      it(`${JSON.stringify(tag)} asks for ${packages.join(" and ") || "none"}`, async () => {
        const played = await bootstrap(wanting(tag));
        expect(played.execution.status).to.equal("Success");
        expect(sent(played)).to.deep.equal(packages.map((name) => PREFIX + name));
        expect(written(played)).to.include({ status: "Success" });
      });
    }

    it("no packages tag asks for none", async () => {
      const played = await bootstrap(wanting());
      expect(trail(played).at(-1)).to.equal("record: Success");
      expect(written(played)?.message).to.equal("nothing asked for");
    });

    it("takes the instance by its ARN too, as tag-change events give it", async () => {
      const played = await bootstrap({
        ...wanting("a"),
        instance: `arn:aws:ec2:eu-central-1:111122223333:instance/${INSTANCE}`,
      });
      expect(played.execution.status).to.equal("Success");
      expect(played.inputs.find(({ InstanceIds }) => InstanceIds)?.InstanceIds).to.deep.equal([
        INSTANCE,
      ]);
    });

    it("sends the documented command", async () => {
      const played = await bootstrap(wanting("a"));
      expect(played.inputs.find(({ DocumentName }) => DocumentName)).to.deep.equal({
        DocumentName: "AWS-ConfigureAWSPackage",
        InstanceIds: [INSTANCE],
        TimeoutSeconds: 600,
        Comment: "cf.ec2.bootstrap 00000000-0000-4000-8000-000000000001",
        Parameters: {
          action: ["Install"],
          installationType: ["Uninstall and reinstall"],
          name: [`${PREFIX}a`],
        },
      });
    });

    it("writes down when, by which run, and what", async () => {
      expect(written(await bootstrap(wanting("a,b")))).to.deep.equal({
        status: "Success",
        time: "2026-01-05T08:00:17Z",
        execution: "00000000-0000-4000-8000-000000000001",
        message: "installed: cf-package-a cf-package-b",
      });
    });
  });

  describe("ends successfully, without a trace on the instance, where nothing is to do", () => {
    const enabled = { "cf.ec2.bootstrap.enabled": "true" };
    const hosts: [what: string, host: Host][] = [
      ["no tag", { state: "running" }],
      ["false", { state: "running", tags: { "cf.ec2.bootstrap.enabled": " False " } }],
      ["an empty tag", { state: "running", tags: { "cf.ec2.bootstrap.enabled": "" } }],
      ["a terminated instance", { state: "terminated", tags: enabled }],
      ["an instance that nobody knows any more", {}],
      ["a stopped instance, whose next start raises an event", { state: "stopped", tags: enabled }],
      [
        "a disabled instance with packages that make no sense",
        { state: "running", tags: { "cf.ec2.bootstrap.packages": "[" } },
      ],
    ];
    for (const [what, host] of hosts) {
      it(what, async () => {
        const played = await bootstrap(host);
        expect(trail(played)).to.deep.equal(["readIntent: Success", "whetherEnabled: Success"]);
        expect(played.execution.status).to.equal("Success");
        expect(written(played)).to.equal(undefined);
      });
    }
  });

  describe("fails with tag, value and what is allowed", () => {
    const tag = (name: string, value: string) => ({
      ...wanting().tags,
      [`cf.ec2.bootstrap.${name}`]: value,
    });
    const cases: [what: string, tags: Record<string, string>, cause: string][] = [
      [
        "a word that is neither true nor false",
        tag("enabled", "yes"),
        "tag cf.ec2.bootstrap.enabled is 'yes': allowed are true and false",
      ],
      [
        "a blank before true, which the policy of the role would not take for true",
        tag("enabled", " true"),
        "tag cf.ec2.bootstrap.enabled is ' true': allowed are true and false",
      ],
      [
        "a name with a blank",
        tag("packages", "a b"),
        "tag cf.ec2.bootstrap.packages is 'a b': 'a b' is no package name, allowed are letters, digits and _ . - in each name",
      ],
      [
        "an array of numbers",
        tag("packages", "[1]"),
        "tag cf.ec2.bootstrap.packages is '[1]': 1 is no package name",
      ],
      [
        "half an array",
        tag("packages", '["a"'),
        `tag cf.ec2.bootstrap.packages is '["a"': allowed are a JSON array of names, such as ["a", "b"], or names separated by commas`,
      ],
      [
        "more packages than a step's output holds",
        tag("packages", Array.from({ length: 41 }, (_, i) => `p${i}`).join()),
        "tag cf.ec2.bootstrap.packages names 41 packages: allowed are 40",
      ],
      [
        "arguments that are no object of objects",
        tag("arguments", '{"a":"b"}'),
        'allowed is a JSON object of packages, such as {"a": {"SSM_PORT": "80"}}, each with names that begin with SSM_ and texts',
      ],
      [
        "an argument that the agent would not hand over",
        tag("arguments", '{"a":{"PORT":"80"}}'),
        "each with names that begin with SSM_ and texts",
      ],
      [
        "arguments of a package that is not asked for",
        { ...tag("arguments", '{"b":{"SSM_PORT":"80"}}'), "cf.ec2.bootstrap.packages": "a" },
        "'b' is not among the packages of tag cf.ec2.bootstrap.packages: a",
      ],
      [
        "a CloudWatch configuration that is not there",
        tag("cloudwatch.config", "linx"),
        "tag cf.ec2.bootstrap.cloudwatch.config is 'linx': there is no parameter /cloudwatch/config/linx in this account and Region",
      ],
      [
        "a name of a configuration with a path",
        tag("cloudwatch.config", "a/b"),
        "tag cf.ec2.bootstrap.cloudwatch.config is 'a/b': allowed are letters, digits and _ . - , or SKIP",
      ],
      [
        "a host name that ends the shell's word",
        tag("hostname", "a;reboot"),
        "tag cf.ec2.bootstrap.hostname is 'a;reboot': allowed are 1 to 63 letters, digits and -, with no - at either end",
      ],
      [
        "an id that is no directory's",
        tag("domain", "corp"),
        "tag cf.ec2.bootstrap.domain is 'corp': allowed is the id of a directory, such as d-1234567890",
      ],
      [
        "a directory that is not there",
        tag("domain", "d-0000000000"),
        "tag cf.ec2.bootstrap.domain is 'd-0000000000': there is no such directory in this account and Region",
      ],
      [
        "a name that makes the ARN too long",
        tag("packages", "n".repeat(71)),
        "is too long, allowed are 70 characters after arn:aws:ssm:",
      ],
    ];
    for (const [what, tags, cause] of cases) {
      it(what, async () => {
        const played = await bootstrap({ state: "running", tags });
        expect(trail(played)).to.deep.equal(["readIntent: Failed", "record: Failed"]);
        expect(played.execution.failureMessage).to.contain(
          `BootstrapFailed - ${INSTANCE}: readIntent failed: ValueError - tag`,
        );
        expect(played.execution.failureMessage).to.contain(cause);
        expect(written(played)?.status).to.equal("Failed");
      });
    }
  });

  describe("a failing package", () => {
    const host = {
      ...wanting("a,b,c"),
      failing: {
        b: "Initiating arn:x 1.0 install\ninstall errors: disk is full\nFailed to install package; install status Failed\n----------ERROR-------\nfailed to run commands: exit status 1",
      },
    };

    it("does not stop the others, but fails the run", async () => {
      const played = await bootstrap(host);
      expect(trail(played)).to.deep.equal([
        "readIntent: Success",
        "whetherEnabled: Success",
        "waitForAgent: Success",
        "confirmLease: Success",
        "carryOut: Success",
        "lookUp: Success",
        "sendCommand: Success",
        "lookUp: Success",
        "sendCommand: Failed",
        "lookUp: Success",
        "sendCommand: Success",
        "record: Failed",
      ]);
      expect(played.execution.status).to.equal("Failed");
    });

    it("is named with its instance and the host's own words", async () => {
      const { execution } = await bootstrap(host);
      expect(execution.failureMessage).to.contain(
        `BootstrapFailed - ${INSTANCE}: installPackage of cf-package-b failed: install errors: disk is full. Please`,
      );
    });

    it("is written on the instance, in characters that every tag takes", async () => {
      const message = written(await bootstrap(host))?.message ?? "";
      expect(message).to.equal(
        "installPackage of cf-package-b failed: install errors: disk is full",
      );
      const long = { ...host, failing: { b: `${"ü{}; ".repeat(200)}` } };
      expect(written(await bootstrap(long))?.message).to.match(/^[a-zA-Z0-9 +=._:/@-]{1,256}$/);
    });

    it("is found whether or not AWS lists the steps inside a loop with the others", async () => {
      const apart: Api = ({ Filters }, { execution }) => {
        const filters = (Filters ?? []) as { Key: string; Values: string[] }[];
        const steps = execution.steps.filter(
          ({ parent }) => filters.length > 0 || parent === undefined,
        );
        return { StepExecutions: filterSteps(steps, filters).map(apiStep) };
      };
      const played = await bootstrap({
        ...host,
        apis: { "ssm:DescribeAutomationStepExecutions": apart },
      });
      expect(written(played)?.message).to.equal(
        "installPackage of cf-package-b failed: install errors: disk is full",
      );
    });

    it("is named once where AWS takes the loop around it for failed too", async () => {
      const failed: Api = (_input, { execution }) => {
        const steps = execution.steps.map(apiStep).map((step) => ({
          ...step,
          ...(step.StepName === "carryOut" && { StepStatus: "Failed" as const }),
        }));
        return { StepExecutions: steps };
      };
      const apis = { "ssm:DescribeAutomationStepExecutions": failed };
      expect(written(await bootstrap({ ...host, apis }))?.message).to.equal(
        "installPackage of cf-package-b failed: install errors: disk is full",
      );
    });

    it("is found on a later page of the steps", async () => {
      const paged: Api = ({ NextToken }, { execution }) => {
        const steps = execution.steps.map(apiStep);
        return NextToken === undefined
          ? { StepExecutions: steps.slice(0, 4), NextToken: "4" }
          : { StepExecutions: steps.slice(4) };
      };
      const played = await bootstrap({
        ...host,
        apis: { "ssm:DescribeAutomationStepExecutions": paged },
      });
      expect(played.execution.failureMessage).to.contain("installPackage of cf-package-b failed");
    });
  });

  it("fails when the agent is not online within a quarter of an hour, and says so on the instance", async () => {
    const played = await bootstrap({ ...wanting("a"), ping: "ConnectionLost" });
    expect(trail(played).slice(2)).to.deep.equal(["waitForAgent: TimedOut", "record: Failed"]);
    expect(played.seconds).to.be.within(900, 915);
    expect(played.execution.failureMessage).to.contain(
      `${INSTANCE}: waitForAgent timed out: $.InstanceInformationList[0].PingStatus of ssm:DescribeInstanceInformation is "ConnectionLost", desired is Online`,
    );
  });

  it("ends successfully when the instance is terminated while it waits: nobody is notified", async () => {
    const apis = apisFor(wanting());
    let calls = 0;
    const described: Api = (...given) => {
      if (calls++ === 0) return apis["ec2:DescribeInstances"]?.(...given);
      return { Reservations: [{ Instances: [{ State: { Name: "terminated" } }] }] };
    };
    const played = await bootstrap({
      ...wanting(),
      ping: "Inactive",
      apis: { "ec2:DescribeInstances": described },
    });
    expect(trail(played).slice(2)).to.deep.equal(["waitForAgentOnly: TimedOut", "record: Success"]);
    expect(played.execution.status).to.equal("Success");
    expect(written(played)?.status).to.equal("Running");
  });

  it("reports both what failed and that the tags could not be written", async () => {
    let calls = 0;
    const createTags = () => (calls++ === 0 ? {} : refused("UnauthorizedOperation", "you may not"));
    const apis = { "ec2:CreateTags": createTags };
    const { execution } = await bootstrap({ ...wanting("b"), failing: { b: "no" }, apis });
    expect(execution.failureMessage).to.contain(
      "installPackage of cf-package-b failed: no; record: the status tags could not be written: An error occurred (UnauthorizedOperation)",
    );
  });

  it("fails when its own steps cannot be read, rather than pass for good", async () => {
    const apis = {
      "ssm:DescribeAutomationStepExecutions": () => refused("AccessDeniedException", "you may not"),
    };
    const played = await bootstrap({ ...wanting(), apis });
    expect(played.execution.status).to.equal("Failed");
    expect(written(played)?.message).to.match(/^record: the steps of the run could not be read/);
  });

  it("outlasts throttling of its scripts' calls", async () => {
    let left = 9;
    const apis = apisFor(wanting());
    const busy: Api = (...given) =>
      left-- > 0 ? throttled() : apis["ec2:DescribeInstances"]?.(...given);
    const played = await bootstrap({ ...wanting(), apis: { "ec2:DescribeInstances": busy } });
    expect(played.execution.status).to.equal("Success");
  });
});

/** What AWS bills: every step that is no script. */
const billed = ({ execution }: Played) =>
  execution.steps.filter(({ action }) => action !== "aws:executeScript").map(({ name }) => name);

describe("The steps of ec2-bootstrap.yaml that AWS bills", function () {
  this.timeout(60_000);

  const enabled = wanting("a");
  const bare = ["whetherEnabled"];
  const stepsOfHost = ["whetherEnabled", "waitForAgent", "carryOut", "sendCommand"];
  const cloudWatch = { "cf.ec2.bootstrap.cloudwatch.config": "linux" };
  const cases: [what: string, host: Host, steps: string[]][] = [
    ["no tag", { state: "running" }, bare],
    ["not enabled", { state: "running", tags: { "cf.ec2.bootstrap.enabled": "false" } }, bare],
    ["no packages", wanting(), ["whetherEnabled", "waitForAgentOnly"]],
    ["one package", enabled, stepsOfHost],
    ["two packages", wanting("a,b"), [...stepsOfHost, "sendCommand"]],
    [
      "one package and CloudWatch",
      { ...enabled, tags: { ...enabled.tags, ...cloudWatch }, configs: ["linux"] },
      [...stepsOfHost, "sendCommand", "sendCommand"],
    ],
    [
      "Windows with VSS and one package",
      { ...enabled, windows: true },
      [...stepsOfHost, "sendCommand"],
    ],
    [
      "the second event of a launch",
      {
        ...enabled,
        tags: {
          ...enabled.tags,
          "cf.ec2.bootstrap-status": "Running",
          "cf.ec2.bootstrap-status.execution": "other",
        },
        runs: { other: "InProgress" },
      },
      bare,
    ],
  ];
  for (const [what, host, steps] of cases) {
    it(`are ${steps.length} for ${what}`, async () => {
      const played = await bootstrap(host);
      expect(played.execution.status).to.equal("Success");
      expect(billed(played)).to.deep.equal(steps);
    });
  }
});

/** Document and parameters of every command, in their order. */
const commands = ({ inputs }: Played) =>
  inputs.flatMap(({ DocumentName, Parameters }) =>
    DocumentName === undefined ? [] : [{ DocumentName, Parameters }],
  );
const install = (name: string, more: object = {}) => ({
  DocumentName: "AWS-ConfigureAWSPackage",
  Parameters: {
    action: ["Install"],
    installationType: ["Uninstall and reinstall"],
    name: [name],
    ...more,
  },
});

describe("The commands of ec2-bootstrap.yaml", function () {
  this.timeout(60_000);

  it("are all that tags can ask for, in this order", async () => {
    const played = await bootstrap({
      state: "running",
      windows: true,
      configs: ["windows"],
      tags: {
        "cf.ec2.bootstrap.enabled": "True",
        "cf.ec2.bootstrap.packages": "b,a",
        "cf.ec2.bootstrap.arguments": '{"a":{"SSM_PORT":"80","SSM_MODE":"x y"}}',
        "cf.ec2.bootstrap.cloudwatch.config": "windows",
        "cf.ec2.bootstrap.hostname": "web-1",
        "cf.ec2.bootstrap.domain": "d-1234567890",
      },
    });
    expect(commands(played)).to.deep.equal([
      { DocumentName: "cf-ec2-bootstrap-rename", Parameters: { HostName: ["web-1"] } },
      {
        DocumentName: "AWS-JoinDirectoryServiceDomain",
        Parameters: {
          directoryId: ["d-1234567890"],
          directoryName: ["corp.example.com"],
          dnsIpAddresses: ["10.0.0.1", "10.0.0.2"],
        },
      },
      install("AwsVssComponents"),
      install(`${PREFIX}b`),
      install(`${PREFIX}a`, { additionalArguments: ['{"SSM_MODE": "x y", "SSM_PORT": "80"}'] }),
      install("AmazonCloudWatchAgent"),
      {
        DocumentName: "AmazonCloudWatch-ManageAgent",
        Parameters: {
          action: ["configure"],
          mode: ["ec2"],
          optionalConfigurationSource: ["ssm"],
          optionalConfigurationLocation: ["/cloudwatch/config/windows"],
          optionalRestart: ["yes"],
        },
      },
    ]);
    expect(written(played)?.message).to.equal(
      "installed: AwsVssComponents cf-package-b cf-package-a AmazonCloudWatchAgent / done: renameHost joinDomain configureCloudWatchAgent",
    );
  });

  it("leave the agent unconfigured where the tag says SKIP", async () => {
    const tags = { ...wanting("a").tags, "cf.ec2.bootstrap.cloudwatch.config": "skip " };
    const played = await bootstrap({ state: "running", tags });
    expect(commands(played)).to.deep.equal([install(`${PREFIX}a`)]);
  });

  it("name what failed, the first of it in a tag of its own", async () => {
    const played = await bootstrap({
      ...wanting("a"),
      tags: { ...wanting("a").tags, "cf.ec2.bootstrap.hostname": "web-1" },
      failing: { "cf-ec2-bootstrap-rename": "no such command", a: "no space" },
    });
    expect(written(played)).to.include({
      status: "Failed",
      step: "renameHost",
      message:
        "renameHost failed: no such command / installPackage of cf-package-a failed: no space",
    });
  });

  it("refuse a Windows host name that NetBIOS would cut", async () => {
    const tags = { ...wanting().tags, "cf.ec2.bootstrap.hostname": "a".repeat(16) };
    const { execution } = await bootstrap({ state: "running", windows: true, tags });
    expect(execution.failureMessage).to.contain("allowed are 1 to 15 letters, digits and -");
  });
});

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
const MINE = "00000000-0000-4000-8000-000000000001";
const leased = (execution: string, more: Readonly<Record<string, string>> = {}) => ({
  state: "running",
  tags: {
    ...wanting("a").tags,
    "cf.ec2.bootstrap-status": "Running",
    "cf.ec2.bootstrap-status.execution": execution,
    ...more,
  },
});

const INTENT_A = digestOf(
  `[["cf.ec2.bootstrap.enabled", "true"], ["cf.ec2.bootstrap.packages", "a"]]`,
);

describe("A run of ec2-bootstrap.yaml after one that succeeded", function () {
  this.timeout(60_000);

  const done = {
    "cf.ec2.bootstrap-status": "Success",
    "cf.ec2.bootstrap-status.time": "2026-01-05T07:55:00Z",
    "cf.ec2.bootstrap-status.intent": INTENT_A,
  };
  const after = (more: Readonly<Record<string, string>> = {}, again?: "true"): Host => ({
    ...leased("other", { ...done, ...more }),
    ...(again !== undefined && { again }),
  });

  it("stops at one billed step: the second event of a launch finds all done", async () => {
    const played = await bootstrap(after());
    expect(played.execution.status).to.equal("Success");
    expect(billed(played)).to.deep.equal(["whetherEnabled"]);
    expect(written(played)).to.equal(undefined);
  });

  for (const [what, host] of [
    [
      "the instance started since",
      after({ "cf.ec2.bootstrap-status.time": "2026-01-05T07:49:59Z" }),
    ],
    ["the tags ask for something else", after({ "cf.ec2.bootstrap.packages": "a,b" })],
    ["somebody took the time of it away", after({ "cf.ec2.bootstrap-status.time": "" })],
    ["it failed", after({ "cf.ec2.bootstrap-status": "Failed" })],
    ["whoever starts it wants it again", after({}, "true")],
  ] as const) {
    it(`does it again where ${what}`, async () => {
      const played = await bootstrap(host);
      expect(sent(played)).to.include(`${PREFIX}a`);
      expect(written(played)).to.include({ status: "Success", execution: MINE });
    });
  }
});

describe("The lease of ec2-bootstrap.yaml", function () {
  this.timeout(60_000);

  it("is in the status tags from the start of a run, with what the run acts on", async () => {
    const { inputs } = await bootstrap(wanting("a"));
    const first = inputs.find(({ Tags }) => Tags !== undefined)?.Tags;
    expect(first).to.deep.equal([
      { Key: "cf.ec2.bootstrap-status", Value: "Running" },
      { Key: "cf.ec2.bootstrap-status.time", Value: "2026-01-05T08:00:02Z" },
      { Key: "cf.ec2.bootstrap-status.execution", Value: MINE },
      {
        Key: "cf.ec2.bootstrap-status.intent",
        Value: digestOf(
          `[["cf.ec2.bootstrap.enabled", "true"], ["cf.ec2.bootstrap.packages", "a"]]`,
        ),
      },
    ]);
  });

  it("makes a run stop, successfully and without a trace, while another is at it", async () => {
    const played = await bootstrap({ ...leased("other"), runs: { other: "InProgress" } });
    expect(trail(played)).to.deep.equal(["readIntent: Success", "whetherEnabled: Success"]);
    expect(written(played)).to.equal(undefined);
  });

  for (const [what, runs] of [
    ["has ended without saying so", { other: "Cancelled" }],
    ["is so old that nobody knows it any more", {}],
  ] as const) {
    it(`is taken from a run that ${what}`, async () => {
      const played = await bootstrap({ ...leased("other"), runs });
      expect(sent(played)).to.deep.equal([`${PREFIX}a`]);
      expect(written(played)).to.include({ status: "Success", execution: MINE });
    });
  }

  /** The tags that a host shows from the second look on. */
  const later = (more: Readonly<Record<string, string>>): Record<string, Api> => {
    const [first, second] = [
      apisFor(wanting("a")),
      apisFor({ ...wanting("a"), ...leased("", more) }),
    ];
    let calls = 0;
    return {
      "ec2:DescribeInstances": (...given) =>
        (calls++ === 0 ? first : second)["ec2:DescribeInstances"]?.(...given),
    };
  };

  it("is lost to a run that began in the same moment: it goes on, and reports its result", async () => {
    const apis = later({ "cf.ec2.bootstrap-status.execution": "other" });
    const played = await bootstrap({ ...wanting("a"), apis, runs: { other: "InProgress" } });
    expect(trail(played).slice(2)).to.deep.equal([
      "waitForAgent: Success",
      "confirmLease: Failed",
      "record: Success",
    ]);
    expect(played.execution.status).to.equal("Success");
    expect(written(played)?.status).to.equal("Running");
  });

  it("is not lost to an old copy of the tags", async () => {
    const apis = later({ "cf.ec2.bootstrap-status.execution": "other" });
    const played = await bootstrap({ ...wanting("a"), apis, runs: { other: "Success" } });
    expect(sent(played)).to.deep.equal([`${PREFIX}a`]);
  });

  it("is followed by a request for another run where the tags changed meanwhile", async () => {
    const apis = later({
      "cf.ec2.bootstrap-status.execution": MINE,
      "cf.ec2.bootstrap-status.intent": "of the old tags",
    });
    const { inputs, execution } = await bootstrap({ ...wanting("a"), apis });
    expect(inputs.find(({ Entries }) => Entries !== undefined)?.Entries).to.deep.equal([
      {
        Source: "cf.ec2.bootstrap",
        DetailType: "Bootstrap Requested",
        Detail: `{"instance-id": "${INSTANCE}", "reason": "tags changed meanwhile"}`,
      },
    ]);
    expect(execution.status).to.equal("Success");
  });

  it("fails the run where that request cannot be made", async () => {
    const apis = {
      ...later({ "cf.ec2.bootstrap-status.intent": "of the old tags" }),
      "events:PutEvents": () => refused("AccessDeniedException", "you may not"),
    };
    const { execution } = await bootstrap({ ...wanting("a"), apis });
    expect(execution.failureMessage).to.contain(
      "record: the tags changed meanwhile, and another run could not be asked for",
    );
  });

  it("asks for nothing where they did not change", async () => {
    const { inputs } = await bootstrap(wanting("a"));
    expect(inputs.filter(({ Entries }) => Entries !== undefined)).to.deep.equal([]);
  });

  it("takes the name of a failed step away once nothing fails", async () => {
    const { inputs } = await bootstrap(
      leased("", { "cf.ec2.bootstrap-status": "Failed", "cf.ec2.bootstrap-status.step": "record" }),
    );
    expect(inputs.at(-1)).to.deep.equal({
      Resources: [INSTANCE],
      Tags: [{ Key: "cf.ec2.bootstrap-status.step" }],
    });
  });
});
