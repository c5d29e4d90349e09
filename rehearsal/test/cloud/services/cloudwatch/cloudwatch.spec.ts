import { expect } from "chai";
import { letsService } from "../../../support/policies.js";
import { MEMBER, TestCloud, REGION } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";

const TOPIC = `arn:aws:sns:${REGION}:${MEMBER}:told`;
const ALARM = `arn:aws:cloudwatch:${REGION}:${MEMBER}:alarm:full`;
const TYPE = "aws:cloudwatch/metricAlarm:MetricAlarm";
const QueueUrl = `https://sqs.${REGION}.amazonaws.com/${MEMBER}/kept`;
const place = { account: MEMBER, region: REGION };

describe("CloudWatch", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const put = (Namespace: string, data: object = {}, principal?: never) =>
    testCloud.call(
      "cloudwatch",
      "PutMetricData",
      { Namespace, MetricData: [{ MetricName: "mem_used_percent", Value: 42, ...data }] },
      principal,
    );
  const alarm = (inputs: object = {}) =>
    testCloud.create(TYPE, "full", {
      name: "full",
      comparisonOperator: "GreaterThanThreshold",
      evaluationPeriods: 1,
      threshold: 0,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "kept" },
      period: 300,
      statistic: "Maximum",
      treatMissingData: "notBreaching",
      alarmActions: [TOPIC],
      okActions: [TOPIC],
      ...inputs,
    });
  const topic = (
    policy = letsService("cloudwatch.amazonaws.com", "sns:Publish", {
      ArnEquals: { "aws:SourceArn": ALARM },
    }),
  ) => testCloud.create("aws:sns/topic:Topic", "told", { name: "told", policy });
  const published = () =>
    testCloud.cloud.sns.topic(TOPIC).messages.map(({ subject, time }) => {
      const minute = (time - Date.parse("2026-01-05T08:00:00Z")) / 60_000;
      return `${minute}: ${subject ?? ""}`;
    });
  const pass = (seconds: number) =>
    testCloud.cloud.clock.run(testCloud.cloud.clock.now + seconds * 1000);

  it("keeps metrics by namespace, name and dimensions", async () => {
    const Dimensions = [{ Name: "InstanceId", Value: "i-1" }];
    await put("CWAgent", { Dimensions });
    await put("CWAgent", { Dimensions, Value: 43 });
    await put("CWAgent");
    const values = (dimensions: Record<string, string>) =>
      testCloud.cloud.cloudwatch.metrics
        .find(place, "CWAgent", "mem_used_percent", dimensions)
        ?.datapoints.map(({ value }) => value);
    expect(values({ InstanceId: "i-1" })).to.deep.equal([42, 43]);
    expect(values({})).to.deep.equal([42]);
    expect(values({ InstanceId: "i-2" })).to.equal(undefined);
  });

  it("asks for permission by namespace", async () => {
    const worker = await testCloud.worker(["cloudwatch:PutMetricData"], {
      Condition: { StringEquals: { "cloudwatch:namespace": "CWAgent" } },
    });
    const as = (Namespace: string) =>
      refusal(
        testCloud.call(
          "cloudwatch",
          "PutMetricData",
          { Namespace, MetricData: [{ MetricName: "a", Value: 1 }] },
          worker,
        ),
      );
    expect(await as("CWAgent")).to.equal("it was taken");
    expect(await as("Other")).to.include("cloudwatch:PutMetricData");
  });

  it("refuses data that AWS refuses", async () => {
    expect(await refusal(put("AWS/EC2"))).to.include("parameter Namespace is invalid");
    expect(await refusal(put("A", { Value: undefined }))).to.include("has no value");
    expect(await refusal(put("A", { Dimensions: [{ Name: "", Value: "" }] }))).to.include(
      "a dimension without name or value",
    );
  });

  describe("an alarm", () => {
    it("on a queue notifies its topic when a message is there, and when none is left", async () => {
      await topic();
      await testCloud.create("aws:sqs/queue:Queue", "kept", { name: "kept" });
      await alarm();
      await pass(60);
      await testCloud.call("sqs", "SendMessage", { QueueUrl, MessageBody: "x" });
      await testCloud.cloud.clock.run();
      expect(published()).to.deep.equal([`5: ALARM: "full" in ${REGION}`]);
      await pass(1800);
      await testCloud.call("sqs", "PurgeQueue", { QueueUrl });
      await testCloud.cloud.clock.run();
      expect(published().slice(1)).to.deep.equal([`40: OK: "full" in ${REGION}`]);
    });

    it("that may not publish says so", async () => {
      await topic(letsService("events.amazonaws.com", "sns:Publish"));
      await alarm({ namespace: "My", metricName: "a", dimensions: {} });
      await put("My", { MetricName: "a" });
      await testCloud.cloud.clock.run();
      expect(published()).to.deep.equal([]);
      expect(testCloud.timelineOf("CloudWatch").join()).to.match(
        /alarm full is ALARM: .*,failure: alarm full could not notify .*sns:Publish/,
      );
    });

    it("evaluates as many periods as it is configured to", async () => {
      await topic();
      const alarmOfA = {
        namespace: "My",
        metricName: "a",
        dimensions: {},
        period: 60,
        threshold: 10,
      };
      await alarm({ ...alarmOfA, evaluationPeriods: 3, datapointsToAlarm: 2, okActions: [] });
      const value = async (Value: number) => {
        await put("My", { MetricName: "a", Value });
        await pass(60);
      };
      await value(50);
      expect(published()).to.deep.equal([]);
      await value(5);
      expect(published()).to.deep.equal([]);
      await value(50);
      expect(published()).to.deep.equal([`3: ALARM: "full" in ${REGION}`]);
    });

    it("turns back when no more data comes, as it is configured to", async () => {
      await topic();
      await alarm({ namespace: "My", metricName: "a", dimensions: {}, period: 60 });
      await put("My", { MetricName: "a" });
      await pass(600);
      expect(published()).to.deep.equal([
        `1: ALARM: "full" in ${REGION}`,
        `2: OK: "full" in ${REGION}`,
      ]);
    });

    it("refuses what AWS refuses", async () => {
      expect(await refusal(alarm({ comparisonOperator: "More" }))).to.include("ComparisonOperator");
      expect(await refusal(alarm({ period: 61 }))).to.include("multiple of 60: it is 61");
      expect(await refusal(alarm({ statistic: "Mean" }))).to.include("Statistic Mean is none of");
      expect(await refusal(alarm({ treatMissingData: "ok" }))).to.include("TreatMissingData ok");
      expect(await refusal(alarm({ datapointsToAlarm: 2 }))).to.include("DatapointsToAlarm");
    });

    it("that is deleted or changed acts no more as before", async () => {
      await topic();
      const created = await alarm({ namespace: "My", metricName: "a", dimensions: {} });
      await put("My", { MetricName: "a" });
      await testCloud.deployer().update(created, { ...created.inputs, threshold: 100 });
      await pass(600);
      expect(published()).to.deep.equal([`5: OK: "full" in ${REGION}`]);
      await put("My", { MetricName: "a", Value: 1000 });
      await testCloud.deployer().delete(created);
      await pass(600);
      expect(published()).to.have.length(1);
    });
  });
});
