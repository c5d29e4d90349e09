import { expect } from "chai";
import { awsErrorOf } from "../../../refusal.js";
import { MEMBER, REGION } from "../../../../support/test-cloud.js";
import { StarterCloud } from "./automation-cloud.js";

describe("SsmAutomations", () => {
  it("runs a runbook as the role that it names", async () => {
    const testCloud = await StarterCloud.make();
    const id = await testCloud.start();
    await testCloud.cloud.clock.run();
    const execution = testCloud.execution(id);
    expect(execution.status).to.equal("Success");
    expect(execution.steps.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      "rest Success",
      "look Success",
    ]);
    expect(testCloud.cloud.calls.at(-1)).to.include({
      call: "ec2:DescribeInstances",
      principal: `arn:aws:sts::${MEMBER}:assumed-role/worker/Automation-${id}`,
    });
  });

  it("runs it as its caller where no role is given", async () => {
    const testCloud = await StarterCloud.make();
    const id = await testCloud.start({ Parameters: {} });
    await testCloud.cloud.clock.run();
    expect(testCloud.cloud.calls.at(-1)?.principal).to.equal(testCloud.starter.arn);
    expect(testCloud.execution(id).assumeRole).to.equal(undefined);
  });

  it("fails the step whose call the role may not make, and names the call", async () => {
    const testCloud = await StarterCloud.make();
    testCloud.cloud.iam.removeStatement(MEMBER, "worker", "Look");
    const id = await testCloud.start();
    await testCloud.cloud.clock.run();
    expect(testCloud.execution(id).status).to.equal("Failed");
    expect(testCloud.execution(id).reason).to.contain(
      "is not authorized to perform: ec2:DescribeInstances",
    );
  });

  it("charges the execution, and the cloud with it", async () => {
    const testCloud = await StarterCloud.make();
    const id = await testCloud.start();
    await testCloud.cloud.clock.run();
    expect(testCloud.execution(id).price).to.be.closeTo(0.004, 1e-9);
    expect(testCloud.cloud.price).to.be.closeTo(0.004, 1e-9);
  });

  it("reports what it does, at the instance that it is for", async () => {
    const testCloud = await StarterCloud.make();
    const id = await testCloud.start();
    await testCloud.cloud.clock.run();
    const entries = testCloud.cloud.timeline.filter(({ source }) => source === "Automation");
    expect(entries.map(({ text, kind }) => `${kind}: ${text}`)).to.deep.equal([
      `info: rest started (${id})`,
      "success: rest (aws:sleep) succeeded after 10.0 s",
      "success: look (aws:executeAwsApi) succeeded after 0.0 s",
      "success: rest succeeded after 10.6 s",
    ]);
    expect(new Set(entries.map(({ instanceId }) => instanceId))).to.deep.equal(
      new Set(["i-0123456789abcdef0"]),
    );
  });

  it("raises events for the execution and for each step, as AWS shapes them", async () => {
    const testCloud = await StarterCloud.make();
    const id = await testCloud.start();
    await testCloud.cloud.clock.run();
    const events = testCloud.events.map(({ detailType, detail }) => {
      const { StepName = "", Status } = detail as { StepName?: string; Status: string };
      return `${detailType} ${StepName} ${Status}`;
    });
    expect(events).to.deep.equal([
      "EC2 Automation Execution Status-change Notification  InProgress",
      "EC2 Automation Step Status-change Notification rest InProgress",
      "EC2 Automation Step Status-change Notification rest Success",
      "EC2 Automation Step Status-change Notification look InProgress",
      "EC2 Automation Step Status-change Notification look Success",
      "EC2 Automation Execution Status-change Notification  Success",
    ]);
    expect(testCloud.events.at(-1)).to.deep.equal({
      account: MEMBER,
      region: REGION,
      source: "aws.ssm",
      detailType: "EC2 Automation Execution Status-change Notification",
      resources: [
        `arn:aws:ssm:${REGION}:${MEMBER}:automation-execution/${id}`,
        `arn:aws:ssm:${REGION}:${MEMBER}:automation-definition/rest:1`,
      ],
      detail: {
        ExecutionId: id,
        Definition: "rest",
        DefinitionVersion: 1,
        Status: "Success",
        StartTime: "Jan 5, 2026 8:00:00 AM",
        EndTime: "Jan 5, 2026 8:00:10 AM",
        Time: 10_600,
        ExecutedBy: testCloud.starter.arn,
      },
    });
  });

  it("writes an event's times with a clock of twelve hours", async () => {
    const testCloud = await StarterCloud.make();
    const { clock } = testCloud.cloud;
    const times: unknown[] = [];
    for (const hours of [4, 9, 12]) {
      await clock.run(clock.now + hours * 3_600_000);
      await testCloud.start();
      await clock.run();
      times.push(testCloud.events.at(-1)?.detail.StartTime);
    }
    // Each start is ten and a half seconds after the one before, and the hours.
    expect(times).to.deep.equal([
      "Jan 5, 2026 12:00:00 PM",
      "Jan 5, 2026 9:00:10 PM",
      "Jan 6, 2026 9:00:21 AM",
    ]);
  });

  it("lets one start a second through, and throttles the rest", async () => {
    const testCloud = await StarterCloud.make();
    await testCloud.start();
    expect((await awsErrorOf(testCloud.start())).code).to.equal("ThrottlingException");
  });

  it("runs a hundred at once; the others are pending until their turn", async () => {
    const testCloud = await StarterCloud.make();
    const { clock } = testCloud.cloud;
    const ids: string[] = [];
    clock.spawn(async () => {
      for (let i = 0; i < 102; i++) {
        const Parameters = { AutomationAssumeRole: [testCloud.roleArn], Seconds: ["PT10M"] };
        ids.push(await testCloud.start({ Parameters }));
        await clock.sleep(1000);
      }
    });
    await clock.run(clock.now + 150_000);
    const pending = ids.filter((id) => testCloud.execution(id).status === "Pending");
    expect(pending).to.deep.equal(ids.slice(100));
    await clock.run();
    expect(ids.every((id) => testCloud.execution(id).status === "Success")).to.equal(true);
    expect(testCloud.execution(ids[100] ?? "").steps[0]?.start).to.be.greaterThan(
      testCloud.execution(ids[0] ?? "").endTime ?? 0,
    );
  });

  it("stops an execution", async () => {
    const testCloud = await StarterCloud.make();
    const { clock } = testCloud.cloud;
    const id = await testCloud.start({ Parameters: { Seconds: ["PT10M"] } });
    await clock.run(clock.now + 5000);
    await testCloud.call("ssm", "StopAutomationExecution", { AutomationExecutionId: id });
    expect(testCloud.execution(id).status).to.equal("Cancelling");
    await clock.run();
    expect(testCloud.execution(id).status).to.equal("Cancelled");
  });

  it("stops an execution whose script sleeps, soon and not when the script would end", async () => {
    const testCloud = await StarterCloud.make();
    const { clock } = testCloud.cloud;
    const Content = JSON.stringify({
      schemaVersion: "0.3",
      mainSteps: [
        {
          name: "wait",
          action: "aws:executeScript",
          timeoutSeconds: 600,
          inputs: {
            Runtime: "python3.11",
            Handler: "wait",
            Script: "import time\ndef wait(events, context):\n    time.sleep(500)\n    return {}\n",
          },
        },
      ],
    });
    const document = { Name: "Sleeper", DocumentType: "Automation", Content };
    await testCloud.call("ssm", "CreateDocument", document);
    const { AutomationExecutionId: id } = await testCloud.call<{ AutomationExecutionId: string }>(
      "ssm",
      "StartAutomationExecution",
      { DocumentName: "Sleeper" },
    );
    await clock.run(clock.now + 20_000);
    const stopped = clock.now;
    await testCloud.call("ssm", "StopAutomationExecution", { AutomationExecutionId: id });
    await clock.run();
    const { endTime = Infinity, status, steps } = testCloud.execution(id);
    expect([status, steps[0]?.status]).to.deep.equal(["Cancelled", "Cancelled"]);
    expect(endTime - stopped).to.be.at.most(60_000);
  });
});
