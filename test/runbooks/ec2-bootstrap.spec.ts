import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { loadRunbook } from "../../runbooks/runbook";
import { apiStep, filterSteps } from "../../rehearsal/runbook/automation-api.js";
import { type AutomationExecution } from "../../rehearsal/runbook/execution.js";
import { automationDocumentProblems } from "../../rehearsal/runbook/schema.js";
import {
  type Api,
  play,
  type Played,
  refused,
  throttled,
  trail,
} from "../rehearsal/runbook/support.js";

const FILE = join(__dirname, "../../runbooks/ec2-bootstrap.yaml");
const INSTANCE = "i-0123456789abcdef0";
const PREFIX = "arn:aws:ssm:eu-central-1:111111111111:document/cf-package-";

interface Host {
  /** Absent: DescribeInstances knows no such instance. */
  readonly state?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly ping?: string;
  /** Packages whose install fails, with what the host writes. */
  readonly failing?: Readonly<Record<string, string>>;
  readonly apis?: Readonly<Record<string, Api>>;
  readonly instance?: string;
}

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The operations that the runbook needs, for one host. */
function apisFor(host: Host): Record<string, Api> {
  const { state, tags = {}, ping = "Online", failing = {} } = host;
  return {
    "ec2:DescribeInstances": () =>
      state === undefined
        ? refused("InvalidInstanceID.NotFound", "does not exist")
        : {
            Reservations: [
              {
                Instances: [{ InstanceId: INSTANCE, State: { Name: state }, Tags: tagList(tags) }],
              },
            ],
          },
    "ssm:DescribeInstanceInformation": () => ({ InstanceInformationList: [{ PingStatus: ping }] }),
    "ssm:SendCommand": ({ Parameters }) => ({
      Command: { CommandId: (Parameters as { name: string[] }).name[0], Status: "Pending" },
    }),
    "ssm:ListCommands": () => ({ Commands: [{ Status: "Success" }] }),
    "ssm:ListCommandInvocations": ({ CommandId }) => {
      const output = failing[String(CommandId).slice(PREFIX.length)];
      const Status = output === undefined ? "Success" : "Failed";
      const plugin = { Output: output ?? "installed", ResponseCode: output === undefined ? 0 : 1 };
      return { CommandInvocations: [{ InstanceId: INSTANCE, Status, CommandPlugins: [plugin] }] };
    },
    "ssm:DescribeAutomationStepExecutions": ({ Filters }, { execution }) =>
      stepsOf(execution, Filters),
    "ec2:CreateTags": () => ({}),
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
  const call = inputs.find(({ Tags }) => Tags !== undefined);
  if (call === undefined) return undefined;
  const tags = call.Tags as { Key: string; Value: string }[];
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
      "waitForAgent",
      "whetherPackages",
      "installPackages",
      "record",
    ]);
  });

  it("holds to AWS's own schema", () => {
    expect(automationDocumentProblems(readFileSync(FILE, "utf8"), "YAML")).to.deep.equal([]);
  });

  it("gives an install more time than its command can take", () => {
    const loop = loadRunbook(FILE).steps.find((step) => step.action === "aws:loop");
    const install = loop?.inputs.Steps.find((step) => step.action === "aws:runCommand");
    // The agent ends a command after an hour where its document does not say.
    const longest = Number(install?.inputs.TimeoutSeconds) + 3600;
    expect(Number(install?.timeoutSeconds)).to.be.greaterThan(longest);
  });

  it("has room for the parameters' values in AWS's 64 KB", () => {
    expect(readFileSync(FILE).length).to.be.lessThan(32 * 1024);
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
      expect(written(played)?.message).to.equal("no packages asked for");
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
        time: "2026-01-05T08:00:10Z",
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
        tag("packages", Array.from({ length: 51 }, (_, i) => `p${i}`).join()),
        "tag cf.ec2.bootstrap.packages names 51 packages: allowed are 50",
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
        "whetherPackages: Success",
        "installPackages: Success",
        "installPackage: Success",
        "installPackage: Failed",
        "installPackage: Success",
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
          ...(step.StepName === "installPackages" && { StepStatus: "Failed" as const }),
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

  it("ends successfully when the instance is terminated while it waits: nobody need be told", async () => {
    let calls = 0;
    const state = () => ({
      Reservations: [
        {
          Instances: [
            {
              State: { Name: calls++ === 0 ? "running" : "terminated" },
              Tags: tagList(wanting().tags),
            },
          ],
        },
      ],
    });
    const played = await bootstrap({
      ...wanting(),
      ping: "Inactive",
      apis: { "ec2:DescribeInstances": state },
    });
    expect(trail(played).slice(2)).to.deep.equal(["waitForAgent: TimedOut", "record: Success"]);
    expect(played.execution.status).to.equal("Success");
    expect(written(played)).to.equal(undefined);
  });

  it("tells both what failed and that the tags could not be written", async () => {
    const apis = { "ec2:CreateTags": () => refused("UnauthorizedOperation", "you may not") };
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

  it("costs five steps and a few seconds of script for one package", async () => {
    const { execution } = await bootstrap(wanting("a"));
    // whetherEnabled, waitForAgent, whetherPackages, installPackages and installPackage; two scripts of 3 s.
    expect(execution.price).to.be.closeTo(5 * 0.002 + 6 * 0.00003, 1e-9);
  });
});
