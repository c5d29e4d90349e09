import { expect } from "chai";
import { refusal } from "../../../refusal.js";
import { MEMBER, REGION, TestCloud } from "../../../../support/test-cloud.js";

const HOUR = 3_600_000;
const WINDOW = "aws:ssm/maintenanceWindow:MaintenanceWindow";
const TARGET = "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget";
const TASK = "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask";
/** It opens at 09:00: the rehearsal's clock begins at 08:00. */
const INPUTS = { name: "night", schedule: "cron(0 9 ? * * *)", duration: 2, cutoff: 1 };

describe("SsmMaintenanceWindows", () => {
  let testCloud: TestCloud;
  beforeEach(async () => {
    testCloud = new TestCloud();
    await testCloud.host("web", { Role: "web" });
    await role();
  });

  const create = (type: string, name: string, inputs: object) =>
    testCloud.deployer(MEMBER).create({ type, name, region: REGION, inputs: { ...inputs } });
  const roleArn = `arn:aws:iam::${MEMBER}:role/windows`;

  /** What windows work as. */
  async function role(): Promise<void> {
    const statement = {
      Effect: "Allow",
      Principal: { Service: "ssm.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    await create("aws:iam/role:Role", "windows", {
      name: "windows",
      assumeRolePolicy: { Version: "2012-10-17", Statement: [statement] },
    });
    const may = {
      Effect: "Allow",
      Action: ["ssm:SendCommand", "ssm:CancelCommand"],
      Resource: "*",
    };
    await create("aws:iam/rolePolicy:RolePolicy", "may", {
      name: "may",
      role: "windows",
      policy: { Version: "2012-10-17", Statement: [may] },
    });
  }

  async function window(inputs: object = {}) {
    const created = await create(WINDOW, "night", { ...INPUTS, ...inputs });
    const targets = [{ key: "tag:Role", values: ["web"] }];
    const hosts = await create(TARGET, "hosts", {
      windowId: created.id,
      resourceType: "INSTANCE",
      targets,
    });
    const task = (name: string, command: string, more: object = {}) =>
      create(TASK, name, {
        windowId: created.id,
        name,
        taskType: "RUN_COMMAND",
        taskArn: "AWS-RunShellScript",
        serviceRoleArn: roleArn,
        targets: [{ key: "WindowTargetIds", values: [hosts.id] }],
        maxConcurrency: "1",
        maxErrors: "0",
        taskInvocationParameters: {
          runCommandParameters: { parameters: [{ name: "commands", values: [command] }] },
        },
        ...more,
      });
    return { created, task };
  }

  /** The events of windows until this many hours after the beginning, with the time. */
  const timelineAfter = async (hours: number) => {
    await testCloud.cloud.clock.run(Date.UTC(2026, 0, 5, 8) + hours * HOUR);
    return testCloud.cloud.timeline
      .filter(({ source }) => source === "Maintenance Windows")
      .map(
        ({ time, text }) =>
          `${new Date(time).toISOString().slice(11, 16)} ${text.replace(/ \([-0-9a-f]{36}\)$/, "")}`,
      );
  };
  const opened = "window night is open for 2 h; nothing begins in the last 1 h";

  it("open at their hours, and carry out their tasks as their role", async () => {
    const { task } = await window();
    await task("greet", "echo hello");
    expect(await timelineAfter(26)).to.deep.equal([
      `09:00 ${opened}`,
      "09:00 task greet of window night ended: Success",
      `09:00 ${opened}`,
      "09:00 task greet of window night ended: Success",
    ]);
    const sent = testCloud.cloud.calls.filter(({ call }) => call === "ssm:SendCommand");
    expect(sent.map(({ principal }) => principal.includes("assumed-role/windows/"))).to.deep.equal([
      true,
      true,
    ]);
  });

  it("begin tasks in the order of their priority, and none after the cutoff", async () => {
    const { task } = await window();
    await task("third", "true", { priority: 3 });
    await task("first", "true", { priority: 1 });
    await task("second", "sleep 3600", { priority: 2 });
    expect(await timelineAfter(4)).to.deep.equal([
      `09:00 ${opened}`,
      "09:00 task first of window night ended: Success",
      "10:00 task second of window night ended: Success",
      "10:00 task third of window night does not begin: the window's cutoff has come",
    ]);
  });

  it("cancel at the cutoff what a task has not sent yet, where the task says so", async () => {
    testCloud.launch("b", testCloud.cloud.iam.profileArn(MEMBER, "host"), { Role: "web" });
    await testCloud.cloud.clock.run();
    const { task } = await window();
    await task("long", "sleep 3000", { cutoffBehavior: "CANCEL_TASK" });
    const [, end] = await timelineAfter(4);
    expect(end).to.equal("10:00 task long of window night ended: Cancelled");
  });

  it("report why a task could not begin", async () => {
    const { task } = await window();
    await task("greet", "true", { serviceRoleArn: `arn:aws:iam::${MEMBER}:role/host` });
    const [, why] = await timelineAfter(2);
    expect(why).to.match(/^09:00 task greet of window night could not begin: .*sts:AssumeRole/);
  });

  it("try for an hour what is throttled, and then say that nobody knows what AWS does", async () => {
    const { task } = await window({ duration: 3 });
    await task("greet", "true");
    const { quotas } = testCloud.cloud;
    quotas.take = (_account, _region, operation) => operation !== "ssm:SendCommand";
    const [, why] = await timelineAfter(4);
    expect(why).to.equal(
      "10:00 task greet of window night could not begin: not rehearsed: SendCommand of a maintenance window, throttled for an hour: AWS does not document how long it tries again",
    );
    expect(testCloud.cloud.scheduled.map(({ status }) => status)).to.deep.equal(["NotRehearsed"]);
  });

  it("take a document of AWS's that is not modelled, and say at its hour that it is not rehearsed", async () => {
    const { task } = await window();
    await task("scan", "true", { taskArn: "AWS-RunPatchBaseline" });
    expect(testCloud.cloud.notRehearsed.get("document AWS-RunPatchBaseline")).to.equal(1);
    const [, why] = await timelineAfter(2);
    expect(why).to.include("could not begin: not rehearsed: document AWS-RunPatchBaseline");
  });

  it("do not open where they are disabled, nor any more when they are gone", async () => {
    const { created, task } = await window({ enabled: false });
    await task("greet", "true");
    expect(await timelineAfter(3)).to.deep.equal([]);
    await testCloud.deployer(MEMBER).update(created, { ...INPUTS, enabled: true });
    await testCloud.deployer(MEMBER).delete(created);
    expect(await timelineAfter(30)).to.deep.equal([]);
  });

  const refused: [what: string, inputs: object, text: string][] = [
    ["a cutoff as long as the window", { cutoff: 2 }, "Cutoff must be less than duration"],
    ["25 hours", { duration: 25 }, "at 'duration' failed to satisfy constraint: 1 to 24"],
    ["a schedule that is none", { schedule: "daily" }, "ScheduleExpression is not valid: daily"],
    ["a zone that is none", { scheduleTimezone: "X/Y" }, "Invalid schedule timezone: X/Y"],
    ["a name with blanks", { name: "at night" }, "at 'name' failed to satisfy constraint"],
  ];
  for (const [what, inputs, text] of refused) {
    it(`are refused with ${what}`, async () => {
      expect(await refusal(create(WINDOW, "night", { ...INPUTS, ...inputs }))).to.include(text);
    });
  }

  it("refuse tasks without targets, of documents that there are not, and of targets of others", async () => {
    const { task } = await window();
    expect(await refusal(task("a", "true", { targets: [] }))).to.include("Targets are required");
    expect(await refusal(task("b", "true", { taskArn: "none" }))).to.include("none");
    const targets = [{ key: "WindowTargetIds", values: ["x"] }];
    expect(await refusal(task("c", "true", { targets }))).to.include(
      "Maintenance window target x does not exist",
    );
    expect(await refusal(task("d", "true", { maxErrors: undefined }))).to.include(
      "maxErrors is required for tasks with targets",
    );
  });
});
