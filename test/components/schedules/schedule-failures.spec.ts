import { expect } from "chai";
import { ScheduleFailures } from "../../../components/schedules/schedule-failures.js";
import { inMember } from "../../support/account.js";
import { mockProgram } from "../../support/mocked-program.js";

const failures = (windowIds: string[], associationIds: string[]) =>
  new ScheduleFailures(
    "failures",
    {
      prefix: "cf",
      region: "eu-central-1",
      windowIds,
      associationIds,
      topicArn: "arn:topic",
      deadLettersArn: "arn:queue",
    },
    inMember(),
  );

const pattern = async (windowIds: string[], associationIds: string[]) => {
  const program = await mockProgram();
  failures(windowIds, associationIds);
  await program.settled();
  const { eventPattern } = program.only("aws:cloudwatch/eventRule:EventRule").inputs;
  return JSON.parse(eventPattern as string) as { detail: object };
};

describe("ScheduleFailures", () => {
  const windows = {
    "window-id": ["mw-1"],
    status: ["FAILED", "TIMED_OUT", "CANCELLED", "SKIPPED_OVERLAPPING"],
  };
  const associations = { "association-id": ["as-1"], status: ["Failed", "TimedOut"] };

  it("reports every end of its windows and associations that is no success", async () => {
    expect(await pattern(["mw-1"], ["as-1"])).to.deep.equal({
      source: ["aws.ssm"],
      "detail-type": [
        "Maintenance Window Execution State-change Notification",
        "EC2 State Manager Association State Change",
      ],
      detail: { $or: [windows, associations] },
    });
    expect((await pattern(["mw-1"], [])).detail).to.deep.equal(windows);
    expect((await pattern([], ["as-1"])).detail).to.deep.equal(associations);
  });

  it("publishes to the topic, and leaves what it cannot deliver in the queue", async () => {
    const program = await mockProgram();
    failures(["mw-1"], []);
    await program.settled();
    expect(program.only("aws:cloudwatch/eventRule:EventRule").inputs).to.include({
      name: "cf-ec2-bootstrap-schedules",
      region: "eu-central-1",
    });
    expect(program.only("aws:cloudwatch/eventTarget:EventTarget").inputs).to.deep.include({
      arn: "arn:topic",
      deadLetterConfig: { arn: "arn:queue" },
    });
  });

  it("refuses nothing to watch, and more than a rule's pattern can name", async () => {
    await mockProgram();
    expect(() => failures([], [])).to.throw("expected a window or an association, got none");
    const many = Array.from({ length: 100 }, (_, index) => `as-${index}`);
    expect(() => failures([], many)).to.throw("a rule's pattern of 4096 characters names them");
  });
});
