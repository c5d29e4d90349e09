import { expect } from "chai";
import { imageOfParameter } from "../../../../../cloud/services/ec2/images.js";
import { refusal } from "./automation-world.js";
import { HOME, LOG, MultiTargetWorld, stepsOf } from "./multi-target-world.js";

const AMAZON_LINUX_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

const seconds = (...Values: string[]) => ({
  TargetParameterName: "Seconds",
  Targets: [{ Key: "ParameterValues", Values }],
});

describe("an automation over targets", () => {
  it("starts an automation for each of them, as its steps", async () => {
    const world = await MultiTargetWorld.make();
    const parent = await world.run({ ...seconds("PT1S", "PT2S"), MaxErrors: "1" });
    expect(parent.status).to.equal("Success");
    expect(stepsOf(parent)).to.deep.equal(["PT1S Success", "PT2S Success"]);
    const [first] = parent.steps.map(({ child }) => child);
    expect(first).to.include({ parentId: parent.id, target: "PT1S", status: "Success" });
    expect(first?.parameters).to.deep.equal({
      AutomationAssumeRole: [""],
      InstanceId: [""],
      Seconds: ["PT1S"],
    });
    expect(first && stepsOf(first)).to.deep.equal(["rest Success", "look Success"]);
  });

  it("is a success as long as the errors are within the limit", async () => {
    const world = await MultiTargetWorld.make();
    const parent = await world.run({ ...seconds("no", "PT1S", "no"), MaxErrors: "2" });
    expect(parent.status).to.equal("Success");
    expect(stepsOf(parent)).to.deep.equal(["no Failed", "PT1S Success", "no Failed"]);
    expect(parent.steps[0]?.failureMessage).to.contain("Duration no is no ISO 8601 duration");
  });

  it("fails and leaves the rest pending where more fail than the limit allows", async () => {
    const world = await MultiTargetWorld.make();
    const parent = await world.run(seconds("no", "PT1S", "PT2S"));
    expect(parent.status).to.equal("Failed");
    expect(parent.failureMessage).to.contain("1 of 1 failed, more than the error limit allows");
    expect(stepsOf(parent)).to.deep.equal(["no Failed"]);
    const { AutomationExecution: found } = await world.call<{
      AutomationExecution: { StepExecutions: { StepName: string; StepStatus: string }[] };
    }>("GetAutomationExecution", { AutomationExecutionId: parent.id });
    expect(found.StepExecutions.map((step) => [step.StepName, step.StepStatus])).to.deep.equal([
      ["no", "Failed"],
      ["PT1S", "Pending"],
      ["PT2S", "Pending"],
    ]);
  });

  it("answers as AWS's guide shows it", async () => {
    const world = await MultiTargetWorld.make();
    const parent = await world.run({ ...seconds("PT1S"), MaxConcurrency: "1", MaxErrors: "1" });
    const { AutomationExecution: found } = await world.call<{
      AutomationExecution: Record<string, unknown> & { StepExecutions: object[] };
    }>("GetAutomationExecution", { AutomationExecutionId: parent.id });
    const { StepExecutions, ...rest } = found;
    expect(rest).to.deep.include({
      AutomationExecutionStatus: "Success",
      MaxConcurrency: "1",
      MaxErrors: "1",
      Mode: "Auto",
      Parameters: {},
      Outputs: {},
      ResolvedTargets: { ParameterValues: ["PT1S"], Truncated: false },
      StepExecutionsTruncated: false,
      TargetParameterName: "Seconds",
      Targets: [{ Key: "ParameterValues", Values: ["PT1S"] }],
    });
    expect(rest).not.to.have.any.keys("ProgressCounters", "TargetLocations", "AutomationType");
    expect(StepExecutions[0]).to.deep.include({
      StepName: "PT1S",
      Action: "aws:executeAutomation",
      StepStatus: "Success",
      Inputs: { Seconds: "PT1S" },
    });
  });

  it("shows a hundred steps, and all that have begun page by page", async () => {
    const world = await MultiTargetWorld.make();
    const TargetMaps = Array.from({ length: 120 }, () => ({ Seconds: ["PT1S"] }));
    const parent = await world.run({ TargetMaps, MaxConcurrency: "100%" });
    const AutomationExecutionId = parent.id;
    const { AutomationExecution: found } = await world.call<{
      AutomationExecution: { StepExecutions: object[]; StepExecutionsTruncated: boolean };
    }>("GetAutomationExecution", { AutomationExecutionId });
    expect([found.StepExecutions.length, found.StepExecutionsTruncated]).to.deep.equal([100, true]);
    const pages: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await world.call<{ StepExecutions: object[]; NextToken?: string }>(
        "DescribeAutomationStepExecutions",
        { AutomationExecutionId, ...(NextToken !== undefined && { NextToken }) },
      );
      pages.push(page.StepExecutions.length);
      ({ NextToken } = page);
      await world.cloud.clock.run(world.cloud.clock.now + 1000);
    } while (NextToken !== undefined);
    expect(pages).to.deep.equal([50, 50, 20]);
    const many = world.call("DescribeAutomationStepExecutions", {
      AutomationExecutionId,
      MaxResults: 51,
    });
    expect((await refusal(many)).code).to.equal("ValidationException");
  });

  it("finds instances by tag, as the role that may look for them", async () => {
    const world = await MultiTargetWorld.make();
    for (const [name, wanted] of [
      ["a", "yes"],
      ["b", "no"],
      ["c", "yes"],
    ] as const) {
      launch(world, { Name: name, wanted });
    }
    const parent = await world.run({
      TargetParameterName: "InstanceId",
      Targets: [{ Key: "tag:wanted", Values: ["yes"] }],
    });
    expect(parent.steps.length).to.equal(2);
    const names = parent.steps.map(({ name }) =>
      world.cloud.ec2.instance(LOG, HOME, name).tags.get("Name"),
    );
    expect(names).to.deep.equal(["a", "c"]);
    expect(world.cloud.notRehearsed.size).to.equal(0);
  });

  it("finds the members of a resource group", async () => {
    const world = await MultiTargetWorld.make();
    launch(world, { Name: "a", wanted: "yes" });
    launch(world, { Name: "b" });
    const filter = [{ Key: "wanted", Values: ["yes"] }];
    const query = { ResourceTypeFilters: ["AWS::EC2::Instance"], TagFilters: filter };
    await world.create(LOG, HOME, "aws:resourcegroups/group:Group", {
      name: "wanted",
      resourceQuery: { query: JSON.stringify(query) },
    });
    const over = (name: string) =>
      world.run({
        TargetParameterName: "InstanceId",
        Targets: [{ Key: "ResourceGroup", Values: [name] }],
      });
    const parent = await over("wanted");
    expect([parent.status, parent.steps.length]).to.deep.equal(["Success", 1]);
    await world.cloud.clock.run(world.cloud.clock.now + 1000);
    expect((await over("nobody")).status).to.equal("Failed");
  });

  it("is a success without a step where no target matches", async () => {
    const world = await MultiTargetWorld.make();
    const parent = await world.run({
      TargetParameterName: "InstanceId",
      Targets: [{ Key: "tag:wanted", Values: ["yes"] }],
    });
    expect([parent.status, parent.steps.length]).to.deep.equal(["Success", 0]);
  });

  it("takes maps of several parameters", async () => {
    const world = await MultiTargetWorld.make();
    const parent = await world.run({
      TargetMaps: [
        { Seconds: ["PT1S"], InstanceId: ["i-1"] },
        { Seconds: ["PT2S"], InstanceId: ["i-2"] },
      ],
    });
    expect(parent.steps.map(({ child }) => child?.parameters["InstanceId"])).to.deep.equal([
      ["i-1"],
      ["i-2"],
    ]);
  });

  it("is stopped with the automations that it has started", async () => {
    const world = await MultiTargetWorld.make();
    const parent = await world.start(seconds("PT1M", "PT2M"));
    await world.cloud.clock.run(world.cloud.clock.now + 5000);
    await world.call("StopAutomationExecution", { AutomationExecutionId: parent.id });
    await world.cloud.clock.run();
    expect(parent.status).to.equal("Cancelled");
    expect(stepsOf(parent)).to.deep.equal(["PT1M Cancelled"]);
    const again = world.call("StopAutomationExecution", { AutomationExecutionId: parent.id });
    expect((await refusal(again)).code).to.equal("InvalidAutomationStatusUpdateException");
  });

  it("completes what runs where it is asked to complete", async () => {
    const world = await MultiTargetWorld.make();
    const parent = await world.start(seconds("PT1M", "PT2M"));
    await world.cloud.clock.run(world.cloud.clock.now + 5000);
    const stop = { AutomationExecutionId: parent.id, Type: "Complete" };
    await world.call("StopAutomationExecution", stop);
    await world.cloud.clock.run();
    expect([parent.status, stepsOf(parent)]).to.deep.equal(["Cancelled", ["PT1M Success"]]);
  });

  it("runs 25 at once; the others wait", async () => {
    const world = await MultiTargetWorld.make();
    const parents = [];
    for (let i = 0; i < 27; i++) {
      parents.push(await world.start(seconds("PT1H")));
      await world.cloud.clock.run(world.cloud.clock.now + 1000);
    }
    expect(parents.map(({ status }) => status).slice(24)).to.deep.equal([
      "InProgress",
      "Pending",
      "Pending",
    ]);
  });

  describe("is refused", () => {
    const cases: [what: string, input: object, code: string, message: string][] = [
      [
        "over two tags at once",
        {
          TargetParameterName: "InstanceId",
          Targets: [
            { Key: "tag:a", Values: ["1"] },
            { Key: "tag:b", Values: ["1"] },
          ],
        },
        "InvalidAutomationExecutionParametersException",
        "Only one resource group or tag can be specified at a time",
      ],
      [
        "without the name of the parameter",
        { Targets: [{ Key: "tag:a", Values: ["1"] }] },
        "InvalidAutomationExecutionParametersException",
        "TargetParameterName is required if you specify Targets.",
      ],
      [
        "with the name of a parameter and no targets",
        { TargetParameterName: "InstanceId" },
        "InvalidAutomationExecutionParametersException",
        "Targets are required if you specify TargetParameterName.",
      ],
      [
        "over a parameter that there is not",
        { TargetParameterName: "instanceid", Targets: [{ Key: "tag:a", Values: ["1"] }] },
        "InvalidAutomationExecutionParametersException",
        "instanceid is no parameter of the document",
      ],
      [
        "with a concurrency of none",
        { ...seconds("PT1S"), MaxConcurrency: "0", MaxErrors: "-1" },
        "ValidationException",
        "2 validation errors detected: Value '0' at 'maxConcurrency'",
      ],
      [
        "with six tags",
        {
          ...seconds("PT1S"),
          Tags: [..."abcdef"].map((Key) => ({ Key, Value: "1" })),
        },
        "ValidationException",
        "at most 5 tags",
      ],
    ];
    for (const [what, input, code, message] of cases) {
      it(what, async () => {
        const world = await MultiTargetWorld.make();
        const error = await refusal(world.start(input));
        expect(error.code).to.equal(code);
        expect(error.message).to.contain(message);
      });
    }
  });

  it("is the same one for the same token, and refused with other parameters", async () => {
    const world = await MultiTargetWorld.make();
    const ClientToken = "00000000-1111-2222-3333-444444444444";
    const first = await world.start({ ...seconds("PT1S"), ClientToken });
    await world.cloud.clock.run();
    expect(await world.start({ ...seconds("PT1S"), ClientToken })).to.equal(first);
    await world.cloud.clock.run(world.cloud.clock.now + 1000);
    const other = world.start({ ...seconds("PT2S"), ClientToken });
    expect((await refusal(other)).code).to.equal("IdempotentParameterMismatch");
  });
});

function launch({ cloud }: MultiTargetWorld, tags: Record<string, string>): void {
  const { network } = cloud.ec2;
  const principal = cloud.sts.operator(LOG);
  const at = { kernel: cloud, account: LOG, region: HOME, principal, name: "subnets", folder: "." };
  const find = () => network.invokes["aws:ec2/getSubnets:getSubnets"]({}, at)["ids"] as string[];
  if (find().length === 0) network.addVpc(LOG, HOME, "main");
  cloud.ec2.launch({
    account: LOG,
    region: HOME,
    imageId: imageOfParameter(AMAZON_LINUX_IMAGE, HOME) ?? "",
    instanceType: "t3.micro",
    subnetId: find()[0] ?? "",
    securityGroupIds: [],
    tags,
  });
}
