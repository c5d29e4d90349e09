import { expect } from "chai";
import { awsErrorOf } from "../../../refusal.js";
import { LOG, REGION } from "../../../../support/test-cloud.js";
import { MultiTargetCloud, stepsOf } from "./multi-target-cloud.js";

const seconds = (...Values: string[]) => ({
  TargetParameterName: "Seconds",
  Targets: [{ Key: "ParameterValues", Values }],
});

describe("an automation over targets", () => {
  it("starts an automation for each of them, as its steps", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run({ ...seconds("PT1S", "PT2S"), MaxErrors: "1" });
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
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run({ ...seconds("no", "PT1S", "no"), MaxErrors: "2" });
    expect(parent.status).to.equal("Success");
    expect(stepsOf(parent)).to.deep.equal(["no Failed", "PT1S Success", "no Failed"]);
    expect(parent.steps[0]?.failureMessage).to.contain("Duration no is no ISO 8601 duration");
  });

  it("fails and leaves the rest pending where more fail than the limit allows", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run(seconds("no", "PT1S", "PT2S"));
    expect(parent.status).to.equal("Failed");
    expect(parent.failureMessage).to.contain("1 of 1 failed, more than the error limit allows");
    expect(stepsOf(parent)).to.deep.equal(["no Failed"]);
    const { AutomationExecution: found } = await testCloud.call<{
      AutomationExecution: { StepExecutions: { StepName: string; StepStatus: string }[] };
    }>("ssm", "GetAutomationExecution", { AutomationExecutionId: parent.id });
    expect(found.StepExecutions.map((step) => [step.StepName, step.StepStatus])).to.deep.equal([
      ["no", "Failed"],
      ["PT1S", "Pending"],
      ["PT2S", "Pending"],
    ]);
  });

  it("answers as AWS's guide shows it", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run({ ...seconds("PT1S"), MaxConcurrency: "1", MaxErrors: "1" });
    const { AutomationExecution: found } = await testCloud.call<{
      AutomationExecution: Record<string, unknown> & { StepExecutions: object[] };
    }>("ssm", "GetAutomationExecution", { AutomationExecutionId: parent.id });
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
    const testCloud = await MultiTargetCloud.make();
    const TargetMaps = Array.from({ length: 120 }, () => ({ Seconds: ["PT1S"] }));
    const parent = await testCloud.run({ TargetMaps, MaxConcurrency: "100%" });
    const AutomationExecutionId = parent.id;
    const { AutomationExecution: found } = await testCloud.call<{
      AutomationExecution: { StepExecutions: object[]; StepExecutionsTruncated: boolean };
    }>("ssm", "GetAutomationExecution", { AutomationExecutionId });
    expect([found.StepExecutions.length, found.StepExecutionsTruncated]).to.deep.equal([100, true]);
    const pages: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await testCloud.call<{ StepExecutions: object[]; NextToken?: string }>(
        "ssm",
        "DescribeAutomationStepExecutions",
        { AutomationExecutionId, ...(NextToken !== undefined && { NextToken }) },
      );
      pages.push(page.StepExecutions.length);
      ({ NextToken } = page);
      await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 1000);
    } while (NextToken !== undefined);
    expect(pages).to.deep.equal([50, 50, 20]);
    const many = testCloud.call("ssm", "DescribeAutomationStepExecutions", {
      AutomationExecutionId,
      MaxResults: 51,
    });
    expect((await awsErrorOf(many)).code).to.equal("ValidationException");
  });

  it("finds instances by tag, as the role that may look for them", async () => {
    const testCloud = await MultiTargetCloud.make();
    for (const [name, wanted] of [
      ["a", "yes"],
      ["b", "no"],
      ["c", "yes"],
    ] as const) {
      testCloud.launch(name, undefined, { wanted }, undefined, LOG);
    }
    const parent = await testCloud.run({
      TargetParameterName: "InstanceId",
      Targets: [{ Key: "tag:wanted", Values: ["yes"] }],
    });
    expect(parent.steps.length).to.equal(2);
    const names = parent.steps.map(({ name }) =>
      testCloud.cloud.ec2.instance(LOG, REGION, name).tags.get("Name"),
    );
    expect(names).to.deep.equal(["a", "c"]);
    expect(testCloud.cloud.notRehearsed.size).to.equal(0);
  });

  it("finds the members of a resource group", async () => {
    const testCloud = await MultiTargetCloud.make();
    testCloud.launch("a", undefined, { wanted: "yes" }, undefined, LOG);
    testCloud.launch("b", undefined, {}, undefined, LOG);
    const filter = [{ Key: "wanted", Values: ["yes"] }];
    const query = { ResourceTypeFilters: ["AWS::EC2::Instance"], TagFilters: filter };
    await testCloud.create(
      "aws:resourcegroups/group:Group",
      "wanted",
      {
        name: "wanted",
        resourceQuery: { query: JSON.stringify(query) },
      },
      { account: LOG },
    );
    const over = (name: string) =>
      testCloud.run({
        TargetParameterName: "InstanceId",
        Targets: [{ Key: "ResourceGroup", Values: [name] }],
      });
    const parent = await over("wanted");
    expect([parent.status, parent.steps.length]).to.deep.equal(["Success", 1]);
    await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 1000);
    expect((await over("nobody")).status).to.equal("Failed");
  });

  it("is a success without a step where no target matches", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run({
      TargetParameterName: "InstanceId",
      Targets: [{ Key: "tag:wanted", Values: ["yes"] }],
    });
    expect([parent.status, parent.steps.length]).to.deep.equal(["Success", 0]);
  });

  it("takes maps of several parameters", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run({
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
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.start(seconds("PT1M", "PT2M"));
    await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 5000);
    await testCloud.call("ssm", "StopAutomationExecution", { AutomationExecutionId: parent.id });
    await testCloud.cloud.clock.run();
    expect(parent.status).to.equal("Cancelled");
    expect(stepsOf(parent)).to.deep.equal(["PT1M Cancelled"]);
    const again = testCloud.call("ssm", "StopAutomationExecution", {
      AutomationExecutionId: parent.id,
    });
    expect((await awsErrorOf(again)).code).to.equal("InvalidAutomationStatusUpdateException");
  });

  it("completes what runs where it is asked to complete", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.start(seconds("PT1M", "PT2M"));
    await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 5000);
    const stop = { AutomationExecutionId: parent.id, Type: "Complete" };
    await testCloud.call("ssm", "StopAutomationExecution", stop);
    await testCloud.cloud.clock.run();
    expect([parent.status, stepsOf(parent)]).to.deep.equal(["Cancelled", ["PT1M Success"]]);
  });

  it("runs 25 at once; the others wait", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parents = [];
    for (let i = 0; i < 27; i++) {
      parents.push(await testCloud.start(seconds("PT1H")));
      await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 1000);
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
        const testCloud = await MultiTargetCloud.make();
        const error = await awsErrorOf(testCloud.start(input));
        expect(error.code).to.equal(code);
        expect(error.message).to.contain(message);
      });
    }
  });

  it("is the same one for the same token, and refused with other parameters", async () => {
    const testCloud = await MultiTargetCloud.make();
    const ClientToken = "00000000-1111-2222-3333-444444444444";
    const first = await testCloud.start({ ...seconds("PT1S"), ClientToken });
    await testCloud.cloud.clock.run();
    expect(await testCloud.start({ ...seconds("PT1S"), ClientToken })).to.equal(first);
    await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 1000);
    const other = testCloud.start({ ...seconds("PT2S"), ClientToken });
    expect((await awsErrorOf(other)).code).to.equal("IdempotentParameterMismatch");
  });
});
