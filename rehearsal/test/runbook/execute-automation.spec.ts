import { expect } from "chai";
import {
  ADMINISTRATOR,
  MultiTargetCloud,
  stepsOf,
} from "../cloud/services/ssm/automation/multi-target-cloud.js";

const outer = (inputs: string, more = "") => `schemaVersion: "0.3"
assumeRole: "{{ AutomationAssumeRole }}"
parameters:
  AutomationAssumeRole: { type: String, default: "" }
  Wait: { type: String, default: PT5S }
mainSteps:
  - name: other
    action: aws:executeAutomation
    inputs:
      ${inputs}
${more}`;
const REST = 'DocumentName: rest\n      RuntimeParameters: { Seconds: "{{ Wait }}" }';

describe("aws:executeAutomation", () => {
  const run = async (content: string, input: object = {}) => {
    const testCloud = await MultiTargetCloud.make();
    await testCloud.logRunbook("outer", content);
    const execution = await testCloud.run({ DocumentName: "outer", ...input });
    return { testCloud, execution, step: execution.steps[0] };
  };

  it("runs another automation and has its outcome as outputs", async () => {
    const look = `  - name: rest
    action: aws:sleep
    inputs: { Duration: "{{ Wait }}" }
    nextStep: end
  - { name: end, action: aws:sleep, inputs: { Duration: PT1S }, isEnd: true }
`;
    const { execution, step, testCloud } = await run(outer(REST, look));
    expect(stepsOf(execution)).to.deep.equal(["other Success", "rest Success", "end Success"]);
    const child = step?.child;
    expect(child).to.include({ status: "Success", parentId: execution.id });
    expect(child?.parameters["Seconds"]).to.deep.equal(["PT5S"]);
    expect(step?.outputs).to.deep.include({ ExecutionId: child?.id, Status: "Success" });
    expect(testCloud.children(execution).length).to.equal(1);
  });

  it("fails with the automation that fails", async () => {
    const { execution, step } = await run(outer(REST), { Parameters: { Wait: ["no"] } });
    expect([execution.status, step?.status]).to.deep.equal(["Failed", "Failed"]);
    expect(step?.reason).to.match(/^the automation rest \(.*\) ended Failed: Duration no is no/);
  });

  it("acts as its own automation's role, which must be allowed the start", async () => {
    const { execution } = await run(outer(REST), {
      Parameters: { AutomationAssumeRole: [ADMINISTRATOR] },
    });
    expect(execution.status).to.equal("Failed");
    expect(execution.reason).to.contain(
      "An error occurred (AccessDeniedException) when calling the StartAutomationExecution operation",
    );
  });

  it("has targets where it is given some", async () => {
    const targets = `DocumentName: rest
      TargetParameterName: Seconds
      Targets: [{ Key: ParameterValues, Values: [PT1S, PT2S] }]
      MaxErrors: "1"`;
    const { step } = await run(outer(targets).replace(/ {2}Wait.*\n/, ""));
    expect(step?.child && stepsOf(step.child)).to.deep.equal(["PT1S Success", "PT2S Success"]);
  });

  it("is refused below five levels, so that a runbook that starts itself ends", async () => {
    const { execution, testCloud } = await run(
      outer("DocumentName: outer").replace(/ {2}Wait.*\n/, ""),
    );
    const all = [...testCloud.cloud.ssm.automations.executions.all()];
    expect(all.map(({ depth, status }) => `${depth} ${status}`)).to.deep.equal(
      [0, 1, 2, 3, 4, 5].map((depth) => `${depth} Failed`),
    );
    expect(execution.reason).to.contain("Automations are nested in at most 5 levels");
  });

  it("stops with its automation", async () => {
    const testCloud = await MultiTargetCloud.make();
    await testCloud.logRunbook("outer", outer(REST));
    const Parameters = { Wait: ["PT1H"] };
    const execution = await testCloud.start({ DocumentName: "outer", Parameters });
    await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 5000);
    await testCloud.call("ssm", "StopAutomationExecution", { AutomationExecutionId: execution.id });
    await testCloud.cloud.clock.run();
    expect(stepsOf(execution)).to.deep.equal(["other Cancelled"]);
    expect(execution.steps[0]?.child?.status).to.equal("Cancelled");
  });
});
