import { expect } from "chai";
import type { WatchedSchedule } from "../../../components/schedules/schedule-failures.js";
import { ScheduleFailures } from "../../../components/schedules/schedule-failures.js";
import { transform } from "../../../rehearsal/cloud/services/events/input-transformer.js";
import { inMember } from "../../support/account.js";
import { mockProgram } from "../../support/mocked-program.js";

const night: WatchedSchedule = {
  key: "fleet:schedules.night",
  schedule: "night",
  kind: "window",
  id: "mw-1",
};
const held: WatchedSchedule = {
  key: "fleet:schedules.held",
  schedule: "held",
  kind: "association",
  id: "as-1",
};

const failures = (schedules: WatchedSchedule[], prefix = "cf") =>
  new ScheduleFailures(
    "failures",
    {
      prefix,
      region: "eu-central-1",
      schedules,
      topicArn: "arn:topic",
      deadLettersArn: "arn:queue",
    },
    inMember(),
  );

describe("ScheduleFailures", () => {
  it("has a rule for each schedule, on every end of it that is no success", async () => {
    const program = await mockProgram();
    failures([night, held]);
    await program.settled();
    const rules = program
      .all("aws:cloudwatch/eventRule:EventRule")
      .map(({ inputs }): [unknown, unknown] => [
        inputs["name"],
        JSON.parse(String(inputs["eventPattern"])) as unknown,
      ]);
    expect(Object.fromEntries(rules)).to.deep.equal({
      "cf-ec2-bootstrap-schedule-night": {
        source: ["aws.ssm"],
        "detail-type": ["Maintenance Window Execution State-change Notification"],
        detail: {
          "window-id": ["mw-1"],
          status: ["FAILED", "TIMED_OUT", "CANCELLED", "SKIPPED_OVERLAPPING"],
        },
      },
      "cf-ec2-bootstrap-schedule-held": {
        source: ["aws.ssm"],
        "detail-type": ["EC2 State Manager Association State Change"],
        detail: { "association-id": ["as-1"], status: ["Failed", "TimedOut"] },
      },
    });
  });

  it("publishes to the topic, and leaves what it cannot deliver in the queue", async () => {
    const program = await mockProgram();
    failures([night]);
    await program.settled();
    expect(program.only("aws:cloudwatch/eventTarget:EventTarget").inputs).to.deep.include({
      arn: "arn:topic",
      deadLetterConfig: { arn: "arn:queue" },
      region: "eu-central-1",
    });
  });

  const messages: [schedule: WatchedSchedule, detail: object, words: string][] = [
    [
      night,
      { "window-id": "mw-1", status: "FAILED" },
      "The maintenance window cf-night (fleet:schedules.night) in account 222222222222, eu-central-1, ended: FAILED. What it did: aws ssm describe-maintenance-window-executions --window-id mw-1 --region eu-central-1",
    ],
    [
      held,
      { "association-id": "as-1", status: "Failed" },
      "The association cf-held (fleet:schedules.held) in account 222222222222, eu-central-1, ended: Failed. What it did: aws ssm describe-association-executions --association-id as-1 --region eu-central-1",
    ],
  ];
  for (const [schedule, detail, words] of messages) {
    it(`names the ${schedule.kind} and where it is written, which the event does not`, async () => {
      const program = await mockProgram();
      failures([schedule]);
      await program.settled();
      const { inputTransformer } = program.only("aws:cloudwatch/eventTarget:EventTarget").inputs;
      const event = { account: "222222222222", region: "eu-central-1", detail } as never;
      expect(JSON.parse(transform(inputTransformer as never, event, "rule"))).to.deep.equal({
        message: words,
        schedule: `cf-${schedule.schedule}`,
        event: { account: "222222222222", region: "eu-central-1", detail },
      });
    });
  }

  it("names rules within EventBridge's limit, each schedule its own", async () => {
    const program = await mockProgram();
    const long = (end: string) => ({ ...night, schedule: `${"a".repeat(39)}${end}` });
    failures([long("x"), long("y")], "p".repeat(20));
    await program.settled();
    const names = program
      .all("aws:cloudwatch/eventRule:EventRule")
      .map(({ inputs }) => String(inputs["name"]));
    expect(new Set(names).size).to.equal(2);
    for (const name of names) expect(name).to.match(/^p{20}-ec2-bootstrap-schedule-.{1,19}$/);
  });

  it("refuses nothing to watch, and a schedule twice", async () => {
    await mockProgram();
    expect(() => failures([])).to.throw("expected a schedule, got none");
    expect(() => failures([night, night])).to.throw('expected each schedule once, got "night"');
  });
});
