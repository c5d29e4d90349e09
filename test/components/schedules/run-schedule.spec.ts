import { expect } from "chai";
import type { RunScheduleArgs, ScheduleWork } from "../../../components/schedules/run-schedule.js";
import { RunSchedule } from "../../../components/schedules/run-schedule.js";
import { inMember, memberAccount, partitions } from "../../support/account.js";
import type { MockedProgram } from "../../support/mocked-program.js";
import { mockProgram } from "../../support/mocked-program.js";

const BUCKET = "packages-storage-bucket-log-1234567";
const ROLE = "arn:aws:iam::222222222222:role/windows";
const REGION = "eu-central-1";

const schedule = (work: ScheduleWork, values: Partial<RunScheduleArgs> = {}) =>
  new RunSchedule(
    "night",
    {
      account: memberAccount("aws"),
      prefix: "cf",
      region: REGION,
      schedule: "night",
      work,
      target: { key: "tag:Environment", values: ["prod"] },
      expression: "cron(0 3 ? * * *)",
      maxConcurrency: "10%",
      maxErrors: "5",
      source: { accountId: "111111111111", prefix: "log" },
      bucket: BUCKET,
      ...values,
    },
    inMember(),
  );
const window = { roleArn: ROLE, durationHours: 4, cutoffHours: 1, timeZone: "Europe/Berlin" };
const facts: ScheduleWork = { what: "script", name: "facts", parameters: { Days: "3" } };
const TASK = "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask";
const task = {
  windowId: "night-window-id",
  name: "night",
  serviceRoleArn: ROLE,
  priority: 1,
  region: REGION,
};

describe("RunSchedule", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await mockProgram();
  });

  it("opens a window at its hour, in its time zone", async () => {
    schedule(facts, { window });
    await program.settled();
    expect(program.only("aws:ssm/maintenanceWindow:MaintenanceWindow").inputs).to.deep.equal({
      name: "cf-night",
      description: "Runs the script facts",
      schedule: "cron(0 3 ? * * *)",
      scheduleTimezone: "Europe/Berlin",
      duration: 4,
      cutoff: 1,
      region: REGION,
    });
  });

  for (const { partition } of partitions) {
    it(`runs a script in ${partition} by the log account's runbook, which keeps the answers`, async () => {
      schedule(facts, { window, account: memberAccount(partition) });
      await program.settled();
      expect(program.only(TASK).inputs).to.deep.equal({
        ...task,
        taskType: "AUTOMATION",
        taskArn: `arn:${partition}:ssm:eu-central-1:111111111111:document/log-run-script`,
        taskInvocationParameters: {
          automationParameters: {
            documentVersion: "$DEFAULT",
            parameters: Object.entries({
              AutomationAssumeRole: `arn:${partition}:iam::222222222222:role/AWS-SystemsManager-AutomationExecutionRole`,
              Document: "log-script-facts",
              DocumentOwner: "111111111111",
              Parameters: '{"Days":["3"]}',
              TargetKey: "tag:Environment",
              RunId: "schedule-night",
              OutputBucket: BUCKET,
              MaxConcurrency: "10%",
              MaxErrors: "5",
              TargetValues: "prod",
            }).map(([name, value]) => ({ name, values: [value] })),
          },
        },
      });
      expect(program.all("aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget")).to.have.length(
        0,
      );
    });
  }

  it("sends a document to the hosts, cancelled at the cutoff, its output below the account", async () => {
    const parameters = { Operation: "Scan" };
    schedule({ what: "document", name: "AWS-RunPatchBaseline", parameters }, { window });
    await program.settled();
    const hosts = program.only("aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget");
    expect(hosts.inputs).to.deep.equal({
      windowId: "night-window-id",
      resourceType: "INSTANCE",
      targets: [{ key: "tag:Environment", values: ["prod"] }],
      region: REGION,
    });
    expect(program.only(TASK).inputs).to.deep.equal({
      ...task,
      taskType: "RUN_COMMAND",
      taskArn: "AWS-RunPatchBaseline",
      targets: [{ key: "WindowTargetIds", values: ["night-hosts-id"] }],
      maxConcurrency: "10%",
      maxErrors: "5",
      cutoffBehavior: "CANCEL_TASK",
      taskInvocationParameters: {
        runCommandParameters: {
          comment: "schedule-night",
          parameters: [{ name: "Operation", values: ["Scan"] }],
          outputS3Bucket: BUCKET,
          outputS3KeyPrefix: "output/222222222222/eu-central-1/schedule-night",
        },
      },
    });
  });

  it("means the members of a resource group", async () => {
    const target = { key: "resource-groups:Name", values: ["web"] };
    const work = { what: "document", name: "own-document", parameters: {} } as const;
    schedule(work, { window, target, bucket: undefined });
    await program.settled();
    const hosts = program.only("aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget");
    expect(hosts.inputs["resourceType"]).to.equal("RESOURCE_GROUP");
    const { taskInvocationParameters } = program.only(TASK).inputs;
    expect(taskInvocationParameters).to.deep.equal({
      runCommandParameters: { comment: "schedule-night", parameters: [] },
    });
  });

  it("starts a runbook as its role", async () => {
    const roleArn = "arn:aws:iam::222222222222:role/healer";
    schedule({ what: "runbook", name: "heal", roleArn, parameters: { Deep: "yes" } }, { window });
    await program.settled();
    expect(program.only(TASK).inputs).to.deep.equal({
      ...task,
      taskType: "AUTOMATION",
      taskArn: "heal",
      taskInvocationParameters: {
        automationParameters: {
          documentVersion: "$DEFAULT",
          parameters: [
            { name: "AutomationAssumeRole", values: [roleArn] },
            { name: "Deep", values: ["yes"] },
          ],
        },
      },
    });
  });

  it("is an association without a window: a script by its ARN, for it is shared", async () => {
    schedule(facts, { expression: "rate(1 day)" });
    await program.settled();
    expect(program.only("aws:ssm/association:Association").inputs).to.deep.equal({
      name: "arn:aws:ssm:eu-central-1:111111111111:document/log-script-facts",
      associationName: "cf-night",
      parameters: { Days: "3" },
      targets: [{ key: "tag:Environment", values: ["prod"] }],
      scheduleExpression: "rate(1 day)",
      maxConcurrency: "10%",
      maxErrors: "5",
      outputLocation: {
        s3BucketName: BUCKET,
        s3KeyPrefix: "output/222222222222/eu-central-1/schedule-night",
      },
      region: REGION,
    });
  });
});
