import { expect } from "chai";
import { letsService } from "../../../support/policies.js";
import { MEMBER, TestCloud, REGION } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";

const TOPIC = `arn:aws:sns:${REGION}:${MEMBER}:told`;
const RULE = `arn:aws:events:${REGION}:${MEMBER}:rule/mine`;
const QUEUE = `arn:aws:sqs:${REGION}:${MEMBER}:kept`;
const mine = { Source: "my.app", DetailType: "It Happened", Detail: JSON.stringify({ a: 1 }) };
const fromRule = { ArnEquals: { "aws:SourceArn": RULE } };

describe("EventBridge", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const topic = async (
    policy: object = letsService("events.amazonaws.com", "sns:Publish", fromRule),
  ) => testCloud.create("aws:sns/topic:Topic", "told", { name: "told", policy });
  const queue = async (more: object = {}) =>
    testCloud.create("aws:sqs/queue:Queue", "kept", {
      name: "kept",
      policy: letsService("events.amazonaws.com", "sqs:SendMessage", fromRule),
      ...more,
    });
  const rule = async (inputs: object, targetArn: string, target: object = {}) => {
    const created = await testCloud.create("aws:cloudwatch/eventRule:EventRule", "mine", {
      name: "mine",
      ...inputs,
    });
    await testCloud.create("aws:cloudwatch/eventTarget:EventTarget", "target", {
      rule: "mine",
      arn: targetArn,
      ...target,
    });
    return created;
  };
  const onMine = { eventPattern: JSON.stringify({ source: ["my.app"] }) };
  const put = (Entries: object[]) => testCloud.call<object>("events", "PutEvents", { Entries });
  const published = () => testCloud.cloud.sns.topic(TOPIC).messages.map(({ message }) => message);
  const kept = () => testCloud.cloud.sqs.byArn(QUEUE)?.messages.map(({ Body }) => Body);

  describe("PutEvents", () => {
    it("puts an event on the bus, and rules that match it get it", async () => {
      await topic();
      await rule(onMine, TOPIC, {
        inputTransformer: { inputPaths: { a: "$.detail.a" }, inputTemplate: '"a is <a>"' },
      });
      const answer = await put([{ ...mine, Resources: ["x"] }]);
      await testCloud.cloud.clock.run();
      expect(published()).to.deep.equal(['"a is 1"']);
      expect(answer).to.have.property("FailedEntryCount", 0);
    });

    it("accepts or refuses each entry separately", async () => {
      const answer = await put([
        mine,
        { ...mine, Source: "aws.ec2" },
        { ...mine, Detail: "not JSON" },
        { ...mine, DetailType: undefined },
      ]);
      const { Entries, FailedEntryCount } = answer as {
        Entries: { ErrorCode?: string }[];
        FailedEntryCount: number;
      };
      expect(Entries.map(({ ErrorCode }) => ErrorCode)).to.deep.equal([
        undefined,
        "NotAuthorizedForSourceException",
        "MalformedDetail",
        "InvalidArgument",
      ]);
      expect(FailedEntryCount).to.equal(3);
    });

    it("takes ten entries at most", async () => {
      expect(await refusal(put(Array.from({ length: 11 }, () => mine)))).to.equal(
        "ValidationException: 1-10 entries are allowed, there are 11",
      );
    });

    for (const operator of ["StringEquals", "ForAllValues:StringEquals"]) {
      it(`is a matter of the bus and of the event's source (${operator})`, async () => {
        const worker = await testCloud.worker(["events:PutEvents"], {
          Resource: `arn:aws:events:${REGION}:${MEMBER}:event-bus/default`,
          Condition: { [operator]: { "events:source": "my.app" } },
        });
        const asWorker = (entry: object) =>
          refusal(testCloud.call("events", "PutEvents", { Entries: [entry] }, worker));
        expect(await asWorker(mine)).to.equal("it was taken");
        expect(await asWorker({ ...mine, Source: "other.app" })).to.match(
          /^AccessDeniedException: .* events:PutEvents on resource: .*:event-bus\/default/,
        );
      });
    }
  });

  describe("a target", () => {
    it("that is a queue gets the event", async () => {
      await queue();
      await rule(onMine, QUEUE);
      await put([mine]);
      await testCloud.cloud.clock.run();
      const [body = ""] = kept() ?? [];
      expect(JSON.parse(body)).to.deep.include({ source: "my.app", detail: { a: 1 } });
    });

    it("whose policy does not let the rule in loses the event, and the timeline says so", async () => {
      const other = { ArnEquals: { "aws:SourceArn": `${RULE}-of-others` } };
      await topic(letsService("events.amazonaws.com", "sns:Publish", other));
      await rule(onMine, TOPIC);
      await put([mine]);
      await testCloud.cloud.clock.run();
      expect(published()).to.deep.equal([]);
      expect(testCloud.timelineOf("EventBridge").join()).to.match(
        /rule mine could not start its target: NO_PERMISSIONS: .*sns:Publish.*the event is lost/,
      );
    });

    it("that is encrypted needs its key's policy as well", async () => {
      const outcomes = [];
      for (const principals of [[], [{ Service: "events.amazonaws.com" }]]) {
        testCloud = new TestCloud();
        await queue({ kmsMasterKeyId: await testCloud.key(...principals) });
        await rule(onMine, QUEUE);
        await put([mine]);
        await testCloud.cloud.clock.run();
        outcomes.push([kept()?.length, testCloud.cloud.calls.at(-1)?.denial?.action]);
      }
      expect(outcomes).to.deep.equal([
        [0, "kms:GenerateDataKey"],
        [1, undefined],
      ]);
    });

    it("that is not there sends the event to the dead letters, at once", async () => {
      await queue();
      await rule(onMine, TOPIC, { deadLetterConfig: { arn: QUEUE } });
      await put([mine]);
      await testCloud.cloud.clock.run();
      const [message] = testCloud.cloud.sqs.byArn(QUEUE)?.messages ?? [];
      expect(message?.MessageAttributes["ERROR_CODE"]?.StringValue).to.equal("NO_RESOURCE");
    });
  });

  describe("a schedule", () => {
    it("makes its rule act while time passes, and keeps no run going", async () => {
      await queue();
      await rule({ scheduleExpression: "rate(1 hour)" }, QUEUE);
      await testCloud.cloud.clock.run();
      expect(kept()).to.deep.equal([]);
      await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 3 * 3_600_000 + 1_000);
      const events = kept()?.map((body) => JSON.parse(body) as Record<string, unknown>);
      expect(events?.map(({ time }) => time)).to.deep.equal([
        "2026-01-05T09:00:00Z",
        "2026-01-05T10:00:00Z",
        "2026-01-05T11:00:00Z",
      ]);
      expect(events?.[0]).to.deep.include({
        source: "aws.events",
        "detail-type": "Scheduled Event",
        resources: [RULE],
        detail: {},
      });
    });

    it("ends with its rule, and with a change to another one", async () => {
      await queue();
      const created = await rule({ scheduleExpression: "rate(1 hour)" }, QUEUE);
      const changed = { name: "mine", scheduleExpression: "cron(30 9 * * ? *)" };
      const { cloud } = testCloud;
      const deployer = testCloud.deployer();
      const updated = await deployer.update(created, changed);
      await cloud.clock.run(cloud.clock.now + 2 * 3_600_000);
      expect(kept()).to.have.length(1);
      await deployer.update(updated, { ...changed, state: "DISABLED" });
      await cloud.clock.run(cloud.clock.now + 48 * 3_600_000);
      expect(kept()).to.have.length(1);
    });

    it("or a pattern is what a rule must have", async () => {
      const type = "aws:cloudwatch/eventRule:EventRule";
      expect(await refusal(testCloud.create(type, "mine", { name: "mine" }))).to.include(
        "EventPattern or ScheduleExpression must be specified",
      );
    });
  });

  describe("that a scenario disturbs", () => {
    const times = async (deliver: "twice" | "never" | { late: number }, match: object = {}) => {
      await queue();
      await rule(onMine, QUEUE);
      testCloud.cloud.events.disturbances.push({ deliver, ...match });
      await put([mine]);
      const start = testCloud.cloud.clock.now;
      await testCloud.cloud.clock.run();
      const arrived = testCloud.cloud.calls.filter(({ call }) => call === "sqs:SendMessage");
      return arrived.map(({ time }) => (time - start) / 1000);
    };

    it("delivers an event twice", async () => {
      expect(await times("twice")).to.deep.equal([0.5, 1.5]);
    });
    it("delivers it late", async () => {
      expect(await times({ late: 60_000 })).to.deep.equal([60.5]);
    });
    it("loses it, and the timeline says so", async () => {
      expect(await times("never")).to.deep.equal([]);
      expect(testCloud.timelineOf("EventBridge")).to.deep.equal([
        'warning: the event "It Happened" for rule mine is lost, as the scenario says',
      ]);
    });
    it("leaves other rules and other events alone", async () => {
      expect(await times("never", { rule: "another" })).to.deep.equal([0.5]);
      testCloud = new TestCloud();
      expect(await times("never", { detailType: "Another" })).to.deep.equal([0.5]);
    });
  });
});
