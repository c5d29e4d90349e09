import { expect } from "chai";
import { awsErrorOf } from "../../../refusal.js";
import { allow, policy, trust } from "../../../../support/policies.js";
import { LOG, REGION } from "../../../../support/test-cloud.js";
import {
  ADMINISTRATOR,
  EXECUTION,
  executionRole,
  MEMBERS,
  REGIONS,
  MultiTargetCloud,
  stepsOf,
  UNITS,
} from "./multi-target-cloud.js";

const [ONE, TWO, THREE] = MEMBERS;
const role = { AutomationAssumeRole: [ADMINISTRATOR] };
const at = (Accounts: readonly string[], more: object = {}) => ({
  Parameters: role,
  TargetLocations: [{ Accounts, Regions: [REGION], ...more }],
});

describe("an automation over accounts and Regions", () => {
  it("starts the shared runbook in each, Region by Region within each account", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run(at([ONE, TWO], { Regions: REGIONS }));
    expect(parent.status).to.equal("Success");
    expect(stepsOf(parent)).to.deep.equal(
      [ONE, TWO].flatMap((account) => REGIONS.map((region) => `${account}_${region} Success`)),
    );
    expect(testCloud.children(parent)).to.deep.equal(
      [ONE, TWO].flatMap((account) => REGIONS.map((region) => `${account} ${region} Success`)),
    );
  });

  it("runs it there as the execution role, which replaces the role parameter", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run(at([ONE]));
    const child = parent.steps[0]?.child;
    expect(child).to.include({
      account: ONE,
      assumeRole: executionRole(ONE),
      parentId: parent.id,
      executedBy: `arn:aws:sts::${ONE}:assumed-role/${EXECUTION}/Automation-${parent.id}`,
    });
    expect(child?.parameters["AutomationAssumeRole"]).to.deep.equal([executionRole(ONE)]);
    const calls = testCloud.cloud.calls.filter(({ account }) => account === ONE);
    expect(calls.map(({ call, principal }) => `${call} ${principal}`)).to.deep.equal([
      `sts:AssumeRole arn:aws:sts::${LOG}:assumed-role/AWS-SystemsManager-AutomationAdministrationRole/Automation-${parent.id}`,
      `sts:AssumeRole ssm.amazonaws.com`,
      `ssm:StartAutomationExecution ${child?.executedBy ?? ""}`,
      `ec2:DescribeInstances arn:aws:sts::${ONE}:assumed-role/${EXECUTION}/Automation-${child?.id ?? ""}`,
    ]);
  });

  it("reports each child in its own account", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run(at([ONE]));
    const child = parent.steps[0]?.child;
    const events = testCloud.events.filter(({ account }) => account === ONE);
    expect(
      new Set(events.map(({ detail }) => (detail as { ExecutionId: string }).ExecutionId)),
    ).to.deep.equal(new Set([child?.id]));
    const { AutomationExecution: execution } = await testCloud.call<{
      AutomationExecution: object;
    }>(
      "ssm",
      "GetAutomationExecution",
      { AutomationExecutionId: child?.id },
      testCloud.operator(ONE),
    );
    expect(execution).to.include({
      ParentAutomationExecutionId: parent.id,
      AutomationExecutionStatus: "Success",
    });
  });

  it("bills every step to the account that started it", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run(at([ONE, TWO]));
    // A step each for the two locations, and the two steps of each child.
    expect(parent.price).to.be.closeTo(0.004, 1e-9);
    expect([...testCloud.cloud.charges.keys()]).to.deep.equal([LOG]);
    expect(testCloud.cloud.charges.get(LOG)).to.be.closeTo(0.012, 1e-9);
  });

  it("answers with counters and what each step is for", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run(at([ONE, TWO]));
    const { AutomationExecution: found } = await testCloud.call<{
      AutomationExecution: { StepExecutions: object[] };
    }>("ssm", "GetAutomationExecution", { AutomationExecutionId: parent.id });
    expect(found).to.deep.include({
      TargetLocations: at([ONE, TWO]).TargetLocations,
      ProgressCounters: {
        TotalSteps: 2,
        SuccessSteps: 2,
        FailedSteps: 0,
        CancelledSteps: 0,
        TimedOutSteps: 0,
      },
    });
    const child = parent.steps[1]?.child?.id;
    expect(found.StepExecutions[1]).to.deep.include({
      StepName: `${TWO}_${REGION}`,
      Action: "aws:executeAutomation",
      Inputs: { DocumentName: `arn:aws:ssm:${REGION}:${LOG}:document/rest` },
      Outputs: { ExecutionId: [child], Status: ["Success"] },
      TargetLocation: { Accounts: [TWO], Regions: [REGION], ExecutionRoleName: EXECUTION },
    });
  });

  it("is found by its type, and its children by their parent", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.run(at([ONE, LOG]));
    const ids = async (Key: string, value: string) => {
      const found = await testCloud.call<{
        AutomationExecutionMetadataList: { AutomationExecutionId: string }[];
      }>("ssm", "DescribeAutomationExecutions", { Filters: [{ Key, Values: [value] }] });
      return found.AutomationExecutionMetadataList.map(
        (execution) => execution.AutomationExecutionId,
      );
    };
    expect(await ids("AutomationType", "CrossAccount")).to.deep.equal([parent.id]);
    expect(await ids("ParentExecutionId", parent.id)).to.deep.equal([]);
    await testCloud.role(EXECUTION, {
      account: LOG,
      trusts: policy(trust({ AWS: ADMINISTRATOR, Service: "ssm.amazonaws.com" })),
      allows: policy(allow("*")),
    });
    const second = await testCloud.run(at([LOG]));
    const child = second.steps[0]?.child?.id ?? "";
    expect(await ids("ParentExecutionId", second.id)).to.deep.equal([child]);
  });

  describe("fails one location and goes on as the limit allows", () => {
    const failure = (account: string) =>
      `The execution role ${executionRole(account)} in the target location is unable to be assumed.`;

    it("whose role does not trust the administration role", async () => {
      const testCloud = await MultiTargetCloud.make();
      testCloud.cloud.iam.role(ONE, EXECUTION).trust = {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "ssm.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      };
      const parent = await testCloud.run(at([ONE, TWO], { TargetLocationMaxErrors: "1" }));
      expect([parent.status, stepsOf(parent)]).to.deep.equal([
        "Success",
        [`${ONE}_${REGION} Failed`, `${TWO}_${REGION} Success`],
      ]);
      expect(parent.steps[0]?.failureMessage).to.contain(failure(ONE));
      expect(parent.steps[0]?.reason).to.contain("is not authorized to perform: sts:AssumeRole");
    });

    it("whose role there is not, and stops there by default", async () => {
      const testCloud = await MultiTargetCloud.make();
      const parent = await testCloud.run(at(["555555555555", TWO]));
      expect([parent.status, stepsOf(parent)]).to.deep.equal([
        "Failed",
        [`555555555555_${REGION} Failed`],
      ]);
      expect(parent.steps[0]?.failureMessage).to.contain(failure("555555555555"));
    });

    it("with whose account the document is not shared, in AWS's same words", async () => {
      const testCloud = await MultiTargetCloud.make([TWO]);
      const parent = await testCloud.run(at([ONE, TWO], { TargetLocationMaxErrors: "100%" }));
      expect(stepsOf(parent)).to.deep.equal([
        `${ONE}_${REGION} Failed`,
        `${TWO}_${REGION} Success`,
      ]);
      expect(parent.steps[0]?.failureMessage).to.contain(failure(ONE));
      expect(parent.steps[0]?.reason).to.contain(
        "runbook with the specified name couldn't be found",
      );
      const timeline = testCloud.cloud.timeline.map(({ text }) => text).join("\n");
      expect(timeline).to.contain(`exists, but is not shared with account ${ONE}`);
    });
  });

  it("runs one location at a time by default", async () => {
    const begun = async (more: object) => {
      const testCloud = await MultiTargetCloud.make();
      const parent = await testCloud.run(at([ONE, TWO], { Regions: REGIONS, ...more }));
      const first = parent.steps[0]?.start ?? 0;
      return parent.steps.map(({ start = 0 }) => Math.round((start - first) / 1000));
    };
    expect(await begun({})).to.deep.equal([0, 11, 21, 32]);
    expect(await begun({ TargetLocationMaxConcurrency: "100%" })).to.deep.equal([0, 0, 0, 0]);
  });

  it("has targets of its own in each, where it is given some", async () => {
    const testCloud = await MultiTargetCloud.make();
    const targets = (...Values: string[]) => [{ Key: "ParameterValues", Values }];
    const parent = await testCloud.run({
      Parameters: role,
      TargetParameterName: "Seconds",
      Targets: targets("PT1S", "PT2S"),
      MaxErrors: "0",
      TargetLocations: [
        { Accounts: [ONE], Regions: [REGION], TargetLocationMaxErrors: "1" },
        {
          Accounts: [TWO],
          Regions: [REGION],
          Targets: targets("no", "PT3S"),
          TargetsMaxErrors: "1",
        },
      ],
    });
    const found = parent.steps.map(({ child }) => child && stepsOf(child));
    expect([parent.status, found]).to.deep.equal([
      "Success",
      [
        ["PT1S Success", "PT2S Success"],
        ["no Failed", "PT3S Success"],
      ],
    ]);
  });

  describe("finds the accounts of", () => {
    const found = async (more: object, Accounts: readonly string[] = [UNITS.outer]) => {
      const testCloud = await MultiTargetCloud.make();
      const parent = await testCloud.run(at(Accounts, more));
      return { testCloud, parent, accounts: parent.steps.map(({ name }) => name.split("_")[0]) };
    };

    it("an organisational unit, without those inside it and without suspended ones", async () => {
      expect((await found({})).accounts).to.deep.equal([ONE]);
    });

    it("the units inside it, too", async () => {
      const more = { IncludeChildOrganizationUnits: true };
      expect((await found(more)).accounts).to.deep.equal([ONE, TWO]);
    });

    it("all but excluded accounts and units", async () => {
      const more = { IncludeChildOrganizationUnits: true, ExcludeAccounts: [UNITS.inner] };
      expect((await found(more)).accounts).to.deep.equal([ONE]);
    });

    it("no unit that there is not: the automation fails", async () => {
      const { parent } = await found({}, ["ou-root-99999999"]);
      expect(parent.status).to.equal("Failed");
      expect(parent.failureMessage).to.contain("ou-root-99999999 that doesn't exist");
    });

    it("nothing where the account administers no service of the organisation", async () => {
      const testCloud = await MultiTargetCloud.make();
      Object.assign(testCloud.cloud.organization, { delegated: {} });
      const parent = await testCloud.run(at([UNITS.outer]));
      expect(parent.status).to.equal("Failed");
      expect(parent.failureMessage).to.contain("You don't have permissions");
    });
  });

  it("is stopped in all of its accounts", async () => {
    const testCloud = await MultiTargetCloud.make();
    const parent = await testCloud.start({
      ...at([ONE, TWO], { TargetLocationMaxConcurrency: "2" }),
      Parameters: { ...role, Seconds: ["PT1H"] },
    });
    await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 5000);
    await testCloud.call("ssm", "StopAutomationExecution", { AutomationExecutionId: parent.id });
    await testCloud.cloud.clock.run();
    expect(parent.status).to.equal("Cancelled");
    expect(testCloud.children(parent)).to.deep.equal(
      [ONE, TWO].map((account) => `${account} ${REGION} Cancelled`),
    );
  });

  describe("is refused", () => {
    const many = (count: number) => Array.from({ length: count }, () => ONE);
    const cases: [what: string, TargetLocations: object[], message: string][] = [
      ["over no location", [], "length at least 1"],
      [
        "over 101 entries",
        many(101).map((account) => ({ Accounts: [account], Regions: [REGION] })),
        "Value at 'targetLocations' failed to satisfy constraint: Member must have length less than or equal to 100",
      ],
      [
        "over 51 accounts in an entry",
        [{ Accounts: many(51), Regions: [REGION] }],
        "'targetLocations.1.member.accounts' failed to satisfy constraint: Member must have length less than or equal to 50",
      ],
      [
        "over 51 Regions in an entry",
        [{ Accounts: [ONE], Regions: many(51) }],
        "'targetLocations.1.member.regions' failed to satisfy constraint: Member must have length less than or equal to 50",
      ],
      [
        "with a role that is an ARN",
        [{ Accounts: [ONE], Regions: [REGION], ExecutionRoleName: executionRole(THREE) }],
        "'targetLocations.1.member.executionRoleName' failed to satisfy constraint",
      ],
    ];
    for (const [what, TargetLocations, message] of cases) {
      it(what, async () => {
        const testCloud = await MultiTargetCloud.make();
        const error = await awsErrorOf(testCloud.start({ Parameters: role, TargetLocations }));
        expect(error.code).to.equal("ValidationException");
        expect(error.message).to.contain(message);
      });
    }
  });
});
