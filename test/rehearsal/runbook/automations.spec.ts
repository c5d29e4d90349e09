import { expect } from "chai";
import { Cloud } from "../../../rehearsal/cloud/cloud.js";
import { AwsError } from "../../../rehearsal/cloud/errors.js";
import { type Emitted } from "../../../rehearsal/cloud/services/events.js";
import { partitionNamed } from "../../../rehearsal/cloud/partition.js";
import { type RoleSession } from "../../../rehearsal/cloud/principal.js";
import { Deployer } from "../../../rehearsal/deployer.js";
import { providerSettings } from "../../../rehearsal/provider-settings.js";

const ACCOUNT = "111122223333";
const REGION = "eu-central-1";

const RUNBOOK = `schemaVersion: "0.3"
assumeRole: "{{ AutomationAssumeRole }}"
parameters:
  AutomationAssumeRole: { type: String, default: "" }
  InstanceId: { type: String, default: i-0123456789abcdef0 }
  Seconds: { type: String, default: PT10S }
mainSteps:
  - { name: rest, action: aws:sleep, inputs: { Duration: "{{ Seconds }}" } }
  - { name: look, action: aws:executeAwsApi, inputs: { Service: ec2, Api: describe_instances } }
outputs: [look.OutputPayload]
`;

const allow = (Action: string | string[], Resource: string | string[] = "*") => ({
  Version: "2012-10-17",
  Statement: [{ Sid: "It", Effect: "Allow", Action, Resource }],
});

const trust = (more: object = {}) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "ssm.amazonaws.com" },
      Action: "sts:AssumeRole",
      ...more,
    },
  ],
});

/** An account with the runbook `rest` and the roles `starter` and `worker`. */
class World {
  readonly events: Emitted[] = [];
  readonly roleArn = `arn:aws:iam::${ACCOUNT}:role/worker`;
  readonly starter: RoleSession = {
    kind: "session",
    account: ACCOUNT,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/starter`,
    roleName: "starter",
    sessionName: "me",
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/starter/me`,
  };

  private constructor(readonly cloud: Cloud) {}

  static async make(workerTrust = trust(), starterMay: object = allow("*")): Promise<World> {
    const cloud = new Cloud({
      partition: partitionNamed("aws"),
      organization: { id: "o-1", managementAccount: ACCOUNT, accounts: [] },
    });
    const deployer = new Deployer(cloud, providerSettings({}, ACCOUNT), __dirname);
    const create = (type: string, inputs: Record<string, unknown>) =>
      deployer.create({ type, name: String(inputs.name), region: REGION, inputs });
    await create("aws:iam/role:Role", {
      name: "worker",
      assumeRolePolicy: JSON.stringify(workerTrust),
    });
    await create("aws:iam/rolePolicy:RolePolicy", {
      name: "may",
      role: "worker",
      policy: JSON.stringify(allow("ec2:DescribeInstances")),
    });
    await create("aws:iam/role:Role", {
      name: "starter",
      assumeRolePolicy: JSON.stringify(trust()),
    });
    await create("aws:iam/rolePolicy:RolePolicy", {
      name: "may",
      role: "starter",
      policy: JSON.stringify(starterMay),
    });
    await create("aws:ssm/document:Document", {
      name: "rest",
      documentType: "Automation",
      documentFormat: "YAML",
      content: RUNBOOK,
    });
    const world = new World(cloud);
    const emit = cloud.events.emit.bind(cloud.events);
    cloud.events.emit = (event) => {
      world.events.push(event);
      emit(event);
    };
    return world;
  }

  call<Output>(operation: string, input: object): Promise<Output> {
    const { cloud, starter: principal } = this;
    return cloud.call<Output>({
      principal,
      account: ACCOUNT,
      region: REGION,
      service: "ssm",
      operation,
      input,
    });
  }

  async start(more: object = {}): Promise<string> {
    const Parameters = { AutomationAssumeRole: [this.roleArn] };
    const output = await this.call<{ AutomationExecutionId: string }>("StartAutomationExecution", {
      DocumentName: "rest",
      Parameters,
      ...more,
    });
    return output.AutomationExecutionId;
  }

  execution(id: string) {
    const found = this.cloud.ssm.automations.executions.in(ACCOUNT, REGION).get(id);
    if (found === undefined) throw new Error(`no execution ${id}`);
    return found;
  }
}

/** The AWS error that a call ends with. */
async function refusal(call: Promise<unknown>): Promise<AwsError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error("the call was not refused");
}

describe("SsmAutomations", () => {
  it("runs a runbook as the role that it names", async () => {
    const world = await World.make();
    const id = await world.start();
    await world.cloud.clock.run();
    const execution = world.execution(id);
    expect(execution.status).to.equal("Success");
    expect(execution.steps.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      "rest Success",
      "look Success",
    ]);
    expect(world.cloud.calls.at(-1)).to.include({
      call: "ec2:DescribeInstances",
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/Automation-${id}`,
    });
  });

  it("runs it as whoever started it where no role is given", async () => {
    const world = await World.make();
    const id = await world.start({ Parameters: {} });
    await world.cloud.clock.run();
    expect(world.cloud.calls.at(-1)?.principal).to.equal(world.starter.arn);
    expect(world.execution(id).assumeRole).to.equal(undefined);
  });

  it("fails the step whose call the role may not make, and names the call", async () => {
    const world = await World.make();
    world.cloud.iam.removeStatement(ACCOUNT, "worker", "It");
    const id = await world.start();
    await world.cloud.clock.run();
    expect(world.execution(id).status).to.equal("Failed");
    expect(world.execution(id).reason).to.contain(
      "is not authorized to perform: ec2:DescribeInstances",
    );
  });

  it("charges the execution, and the cloud with it", async () => {
    const world = await World.make();
    const id = await world.start();
    await world.cloud.clock.run();
    expect(world.execution(id).price).to.be.closeTo(0.004, 1e-9);
    expect(world.cloud.price).to.be.closeTo(0.004, 1e-9);
  });

  it("tells what it does, at the instance that it is for", async () => {
    const world = await World.make();
    const id = await world.start();
    await world.cloud.clock.run();
    const told = world.cloud.timeline.filter(({ source }) => source === "Automation");
    expect(told.map(({ text, kind }) => `${kind}: ${text}`)).to.deep.equal([
      `info: rest started (${id})`,
      "success: rest (aws:sleep) succeeded after 10.0 s",
      "success: look (aws:executeAwsApi) succeeded after 0.0 s",
      "success: rest succeeded after 10.6 s",
    ]);
    expect(new Set(told.map(({ instanceId }) => instanceId))).to.deep.equal(
      new Set(["i-0123456789abcdef0"]),
    );
  });

  it("raises events for the execution and for each step, as AWS shapes them", async () => {
    const world = await World.make();
    const id = await world.start();
    await world.cloud.clock.run();
    expect(
      world.events.map(
        ({ detailType, detail }) =>
          `${detailType} ${String(detail.StepName ?? "")} ${String(detail.Status)}`,
      ),
    ).to.deep.equal([
      "EC2 Automation Execution Status-change Notification  InProgress",
      "EC2 Automation Step Status-change Notification rest InProgress",
      "EC2 Automation Step Status-change Notification rest Success",
      "EC2 Automation Step Status-change Notification look InProgress",
      "EC2 Automation Step Status-change Notification look Success",
      "EC2 Automation Execution Status-change Notification  Success",
    ]);
    expect(world.events.at(-1)).to.deep.equal({
      account: ACCOUNT,
      region: REGION,
      source: "aws.ssm",
      detailType: "EC2 Automation Execution Status-change Notification",
      resources: [
        `arn:aws:ssm:${REGION}:${ACCOUNT}:automation-execution/${id}`,
        `arn:aws:ssm:${REGION}:${ACCOUNT}:automation-definition/rest:1`,
      ],
      detail: {
        ExecutionId: id,
        Definition: "rest",
        DefinitionVersion: 1,
        Status: "Success",
        StartTime: "Jan 5, 2026 8:00:00 AM",
        EndTime: "Jan 5, 2026 8:00:10 AM",
        Time: 10_600,
        ExecutedBy: world.starter.arn,
      },
    });
  });

  describe("refuses a start", () => {
    const cases: [what: string, input: object, code: string, message: string][] = [
      [
        "of a document that there is not",
        { DocumentName: "nothing" },
        "AutomationDefinitionNotFoundException",
        "nothing",
      ],
      [
        "of a command document",
        { DocumentName: "AWS-RunShellScript" },
        "AutomationDefinitionNotFoundException",
        "AWS-RunShellScript",
      ],
      [
        "of a version that there is not",
        { DocumentVersion: "7" },
        "AutomationDefinitionVersionNotFoundException",
        "7",
      ],
      [
        "with a parameter that there is not",
        { Parameters: { Other: ["x"] } },
        "InvalidAutomationExecutionParametersException",
        "Other is no parameter of the document.",
      ],
      [
        "with a role that is no ARN",
        { Parameters: { AutomationAssumeRole: ["worker"] } },
        "InvalidAutomationExecutionParametersException",
        "The format of the supplied assume role ARN is invalid.",
      ],
      [
        "with a role that there is not",
        { Parameters: { AutomationAssumeRole: [`arn:aws:iam::${ACCOUNT}:role/nobody`] } },
        "InvalidAutomationExecutionParametersException",
        "The defined assume role is unable to be assumed.",
      ],
      [
        "with targets, which are not modelled",
        { Targets: [] },
        "NotRehearsed",
        "ssm:StartAutomationExecution Targets",
      ],
    ];
    for (const [what, input, code, message] of cases) {
      it(what, async () => {
        const world = await World.make();
        const error = await refusal(world.start(input));
        expect(error.code).to.equal(code);
        expect(error.message).to.contain(message);
      });
    }

    it("whose role does not trust automations of this account", async () => {
      const elsewhere = { StringEquals: { "aws:SourceAccount": "999999999999" } };
      const world = await World.make(trust({ Condition: elsewhere }));
      const error = await refusal(world.start());
      expect(error.code).to.equal("InvalidAutomationExecutionParametersException");
      expect(world.cloud.calls.find(({ call }) => call === "sts:AssumeRole")?.outcome).to.equal(
        "denied",
      );
    });

    it("whose role trusts only executions, and lets this one", async () => {
      const like = {
        ArnLike: { "aws:SourceArn": `arn:aws:ssm:*:${ACCOUNT}:automation-execution/*` },
      };
      const world = await World.make(trust({ Condition: like }));
      expect(await world.start()).to.match(/^[0-9a-f-]{36}$/);
    });
  });

  describe("asks of the starter", () => {
    const document = `arn:aws:ssm:${REGION}:${ACCOUNT}:document/rest`;
    const executions = `arn:aws:ssm:${REGION}:${ACCOUNT}:automation-execution/*`;
    const start = { Sid: "S", Effect: "Allow", Action: "ssm:StartAutomationExecution" };
    const pass = { Sid: "P", Effect: "Allow", Action: "iam:PassRole", Resource: "*" };
    const passedTo = (service: string) => ({
      ...pass,
      Condition: { StringEquals: { "iam:PassedToService": service } },
    });
    const may = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
    const cases: [what: string, policy: object, denied: string | undefined][] = [
      [
        "no more than document, execution and role",
        may({ ...start, Resource: [document, executions] }, passedTo("ssm.amazonaws.com")),
        undefined,
      ],
      ["the document", may({ ...start, Resource: executions }, pass), document],
      ["the execution", may({ ...start, Resource: document }, pass), executions],
      [
        "the role",
        may({ ...start, Resource: [document, executions] }),
        `arn:aws:iam::${ACCOUNT}:role/worker`,
      ],
      [
        "the role for Systems Manager",
        may({ ...start, Resource: [document, executions] }, passedTo("ec2.amazonaws.com")),
        `arn:aws:iam::${ACCOUNT}:role/worker`,
      ],
    ];
    for (const [what, policy, denied] of cases) {
      it(what, async () => {
        const world = await World.make(trust(), policy);
        if (denied === undefined) await world.start();
        else expect((await refusal(world.start())).message).to.contain(`on resource: ${denied}`);
      });
    }
  });

  it("lets one start a second through, and throttles the rest", async () => {
    const world = await World.make();
    await world.start();
    expect((await refusal(world.start())).code).to.equal("ThrottlingException");
  });

  it("runs a hundred at once; the others are pending until their turn", async () => {
    const world = await World.make();
    const { clock } = world.cloud;
    const ids: string[] = [];
    clock.spawn(async () => {
      for (let i = 0; i < 102; i++) {
        const Parameters = { AutomationAssumeRole: [world.roleArn], Seconds: ["PT10M"] };
        ids.push(await world.start({ Parameters }));
        await clock.sleep(1000);
      }
    });
    await clock.run(clock.now + 150_000);
    const pending = ids.filter((id) => world.execution(id).status === "Pending");
    expect(pending).to.deep.equal(ids.slice(100));
    await clock.run();
    expect(ids.every((id) => world.execution(id).status === "Success")).to.equal(true);
    expect(world.execution(ids[100] ?? "").steps[0]?.start).to.be.greaterThan(
      world.execution(ids[0] ?? "").endTime ?? 0,
    );
  });

  it("stops an execution", async () => {
    const world = await World.make();
    const { clock } = world.cloud;
    const id = await world.start({ Parameters: { Seconds: ["PT10M"] } });
    await clock.run(clock.now + 5000);
    await world.call("StopAutomationExecution", { AutomationExecutionId: id });
    expect(world.execution(id).status).to.equal("Cancelling");
    await clock.run();
    expect(world.execution(id).status).to.equal("Cancelled");
  });

  describe("answers", () => {
    it("GetAutomationExecution with every step, also those to come", async () => {
      const world = await World.make();
      const id = await world.start();
      await world.cloud.clock.run(world.cloud.clock.now + 5000);
      const { AutomationExecution: found } = await world.call<{
        AutomationExecution: Record<string, unknown>;
      }>("GetAutomationExecution", { AutomationExecutionId: id });
      expect(found).to.include({
        AutomationExecutionId: id,
        AutomationExecutionStatus: "InProgress",
        DocumentName: "rest",
        DocumentVersion: "1",
        CurrentStepName: "rest",
      });
      const steps = found.StepExecutions as { StepName: string; StepStatus: string }[];
      expect(steps.map(({ StepName, StepStatus }) => `${StepName} ${StepStatus}`)).to.deep.equal([
        "rest InProgress",
        "look Pending",
      ]);
    });

    it("DescribeAutomationStepExecutions, by filter and in pages", async () => {
      const world = await World.make();
      const id = await world.start();
      await world.cloud.clock.run();
      const names = async (more: object) => {
        const input = { AutomationExecutionId: id, ...more };
        const found = await world.call<{
          StepExecutions: { StepName: string }[];
          NextToken?: string;
        }>("DescribeAutomationStepExecutions", input);
        return [found.StepExecutions.map(({ StepName }) => StepName).join(), found.NextToken];
      };
      expect(await names({})).to.deep.equal(["rest,look", undefined]);
      expect(await names({ ReverseOrder: true })).to.deep.equal(["look,rest", undefined]);
      expect(await names({ MaxResults: 1 })).to.deep.equal(["rest", "1"]);
      await world.cloud.clock.run(world.cloud.clock.now + 1000);
      expect(await names({ MaxResults: 1, NextToken: "1" })).to.deep.equal(["look", undefined]);
      expect(await names({ Filters: [{ Key: "Action", Values: ["aws:sleep"] }] })).to.deep.equal([
        "rest",
        undefined,
      ]);
      const odd = { AutomationExecutionId: id, Filters: [{ Key: "Colour", Values: [] }] };
      expect((await refusal(world.call("DescribeAutomationStepExecutions", odd))).code).to.equal(
        "InvalidFilterKey",
      );
    });

    it("DescribeAutomationExecutions with the newest first, by filter", async () => {
      const world = await World.make();
      const first = await world.start();
      await world.cloud.clock.run();
      const second = await world.start();
      const ids = async (Filters: object[]) => {
        const found = await world.call<{
          AutomationExecutionMetadataList: { AutomationExecutionId: string }[];
        }>("DescribeAutomationExecutions", { Filters });
        return found.AutomationExecutionMetadataList.map(
          ({ AutomationExecutionId }) => AutomationExecutionId,
        );
      };
      expect(await ids([])).to.deep.equal([second, first]);
      expect(await ids([{ Key: "ExecutionStatus", Values: ["Success"] }])).to.deep.equal([first]);
      expect(await ids([{ Key: "DocumentNamePrefix", Values: ["other"] }])).to.deep.equal([]);
    });

    it("an unknown execution with AWS's code", async () => {
      const world = await World.make();
      const error = await refusal(
        world.call("GetAutomationExecution", { AutomationExecutionId: "none" }),
      );
      expect(error.code).to.equal("AutomationExecutionNotFoundException");
    });
  });
});
