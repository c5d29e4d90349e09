import { expect } from "chai";
import { inject } from "../../../scenario/play/faults.js";
import { checkNotifications } from "../../../scenario/check/notifications.js";
import type { Expectations, Fault } from "../../../scenario/schema/scenario.js";
import type { Environment } from "../../../scenario/setup/environment.js";
import { MEMBER, TestCloud } from "../../support/test-cloud.js";
import { refusal } from "../../cloud/refusal.js";

describe("a fault of a scenario", () => {
  let testCloud: TestCloud;
  let environment: Environment;
  beforeEach(async () => {
    testCloud = new TestCloud();
    const resources = [
      await testCloud.create("aws:kms/key:Key", "key"),
      await testCloud.create("aws:ssm/parameter:Parameter", "config", {
        name: "/cloudwatch/config/linux",
        type: "String",
        value: "{}",
      }),
      await testCloud.create("aws:cloudwatch/eventRule:EventRule", "running", {
        name: "cf-running",
        eventPattern: '{"source":["aws.ec2"]}',
      }),
    ];
    const targetKeyId = resources[0]?.id;
    const alias = { name: "alias/cf-bootstrap", targetKeyId };
    resources.push(await testCloud.create("aws:kms/alias:Alias", "alias", alias));
    const stack = { name: "member", account: MEMBER, resources, outputs: {} };
    environment = { cloud: testCloud.cloud, stacks: [stack], regionNamed: String };
  });

  const problem = (fault: Fault) =>
    refusal(
      Promise.resolve().then(() => {
        inject(environment, fault);
      }),
    );
  const use = () =>
    refusal(testCloud.call("kms", "GenerateDataKey", { KeyId: "alias/cf-bootstrap" }));
  const look = (Name = "/cloudwatch/config/linux") =>
    refusal(testCloud.call("ssm", "GetParameter", { Name }));

  it("disables a key by its alias", async () => {
    expect(await use()).to.equal("it was taken");
    inject(environment, { disableKey: { stack: "member", alias: "bootstrap" } });
    expect(await use()).to.match(/^DisabledException: /);
    expect(await problem({ disableKey: { stack: "member", alias: "bootsrap" } })).to.equal(
      'key "bootsrap": stack member has no alias with that text; it has alias/cf-bootstrap',
    );
  });

  it("takes a parameter away", async () => {
    inject(environment, { removeParameter: { stack: "member", name: "/cloudwatch/config/linux" } });
    expect(await look()).to.include("ParameterNotFound");
    expect(await problem({ removeParameter: { stack: "member", name: "/x" } })).to.equal(
      'parameter "/x": stack member\'s account has none',
    );
  });

  it("throttles an operation for a time, or as often as it says", async () => {
    inject(environment, { throttle: { call: "ssm:GetParameter", for: "PT1M" } });
    expect(await look()).to.equal("ThrottlingException: Rate exceeded");
    await testCloud.cloud.clock.run(testCloud.cloud.clock.now + 60_000);
    expect(await look()).to.equal("it was taken");
    inject(environment, { throttle: { call: "ssm:GetParameter", times: 2 } });
    expect(
      [await look(), await look(), await look()].map((text) => text.split(":")[0]),
    ).to.deep.equal(["ThrottlingException", "ThrottlingException", "it was taken"]);
    expect(await problem({ throttle: { call: "ssm:Nothing", times: 1 } })).to.include(
      'call "ssm:Nothing": expected a service and an operation',
    );
    expect(await problem({ throttle: { call: "ssm:GetParameter" } })).to.equal(
      "throttle of ssm:GetParameter: expected for (how long), times (how often) or both",
    );
  });

  it("disturbs events; of several the last that fits", async () => {
    inject(environment, { events: { deliver: "never" } });
    inject(environment, { events: { rule: "running", deliver: { late: "PT1M" } } });
    expect(testCloud.cloud.events.disturbances).to.deep.equal([
      { rule: "running", deliver: { late: 60_000 } },
      { deliver: "never" },
    ]);
    expect(await problem({ events: { rule: "x", deliver: "twice" } })).to.equal(
      'rule "x": no rule has that text in its name; the rules are cf-running',
    );
  });
});

describe("what a scenario expects of services", () => {
  let testCloud: TestCloud;
  beforeEach(async () => {
    testCloud = new TestCloud();
    const { id: TopicArn } = await testCloud.create("aws:sns/topic:Topic", "told", {
      name: "told",
    });
    const { id: QueueUrl } = await testCloud.create("aws:sqs/queue:Queue", "kept", {
      name: "kept",
    });
    await testCloud.call("sns", "Publish", { TopicArn, Subject: "ALARM", Message: "it is full" });
    const MessageAttributes = {
      ERROR_CODE: { DataType: "String", StringValue: "THROTTLING" },
      ERROR_MESSAGE: { DataType: "String", StringValue: "Rate exceeded" },
    };
    await testCloud.call("sqs", "SendMessage", { QueueUrl, MessageBody: "{}", MessageAttributes });
    await testCloud.call("sqs", "SendMessage", { QueueUrl, MessageBody: "a failed run" });
    const group = { logGroupName: "/cf/ec2", logStreamName: "i-1" };
    await testCloud.call("logs", "CreateLogGroup", group);
    await testCloud.call("logs", "CreateLogStream", group);
    const logEvents = [{ timestamp: 1, message: "it started" }];
    await testCloud.call("logs", "PutLogEvents", { ...group, logEvents });
    await testCloud.call("cloudwatch", "PutMetricData", {
      Namespace: "CWAgent",
      MetricData: [
        { MetricName: "mem", Value: 1, Dimensions: [{ Name: "InstanceId", Value: "i-1" }] },
      ],
    });
  });

  const nothing: Expectations = {
    hosts: {},
    fleets: {},
    runs: {},
    denied: [],
    deadLetters: ["THROTTLING: Rate exceeded"],
    failures: ["a failed run"],
    topics: ["ALARM: it is full"],
    logGroups: {},
    metrics: [],
    timeline: [],
    schedules: {},
    notRehearsed: [],
  };
  /** The expectations that do not hold. */
  const broken = (then: Partial<Expectations>) =>
    checkNotifications(testCloud.cloud, { ...nothing, ...then })
      .filter(({ holds }) => !holds)
      .map(({ expectation, found }) => `${expectation}: ${found ?? ""}`);

  it("holds where all of it is there", () => {
    expect(
      broken({
        topics: ["ALARM: it is full"],
        failures: ["a failed run"],
        logGroups: { "/cf/ec2": ["started"] },
        metrics: [{ namespace: "CWAgent", name: "mem", dimensions: { InstanceId: "i-1" } }],
      }),
    ).to.deep.equal([]);
  });

  it("says what is there instead", () => {
    expect(
      broken({
        deadLetters: [],
        topics: ["OK: "],
        failures: [],
        logGroups: { "/cf/ec2": ["ended"], "/none": [] },
        metrics: [
          { namespace: "CWAgent", name: "mem", dimensions: { InstanceId: "i-2" } },
          { namespace: "CWAgent", name: "disk", dimensions: {} },
        ],
      }),
    ).to.deep.equal([
      "0 events are in dead-letter queues: 1: THROTTLING: Rate exceeded",
      "0 failed runs are kept in queues: 1: a failed run",
      'a topic\'s message has "OK: ": ALARM: it is full',
      'log group /cf/ec2 has "ended": 1 events: it started',
      "log group /none is there: /cf/ec2",
      "metric CWAgent mem, InstanceId i-2 has values: mem",
      "metric CWAgent disk has values: mem",
    ]);
  });

  it("takes an empty list for a log group that has no events", async () => {
    await testCloud.call("logs", "CreateLogGroup", { logGroupName: "/quiet" });
    expect(broken({ logGroups: { "/quiet": [] } })).to.deep.equal([]);
    expect(broken({ logGroups: { "/cf/ec2": [] } })).to.deep.equal([
      "log group /cf/ec2 has no events: it started",
    ]);
  });

  it("fails for kept failures and messages of topics that nobody expects", () => {
    expect(broken({ failures: [], topics: [] })).to.deep.equal([
      "0 failed runs are kept in queues: 1: a failed run",
      "0 messages are in topics: 1: ALARM: it is full",
    ]);
  });
});
