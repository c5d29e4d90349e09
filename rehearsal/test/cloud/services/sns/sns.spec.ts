import { expect } from "chai";
import { letsService } from "../../../support/policies.js";
import { MEMBER, TestCloud, REGION } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";

const TOPIC = `arn:aws:sns:${REGION}:${MEMBER}:told`;
const TYPE = "aws:sns/topic:Topic";

describe("SNS", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const topic = (inputs: object = {}) =>
    testCloud.create(TYPE, "told", { name: "told", ...inputs });
  const publish = (principal = testCloud.cloud.sts.operator(MEMBER)) =>
    testCloud.call(
      "sns",
      "Publish",
      { TopicArn: TOPIC, Subject: "Look", Message: "something\nhappened" },
      principal,
    );

  it("keeps what is published, and the timeline has it", async () => {
    await topic();
    await publish();
    const { messages } = testCloud.cloud.sns.topic(TOPIC);
    expect(messages.map(({ subject, message }) => [subject, message])).to.deep.equal([
      ["Look", "something\nhappened"],
    ]);
    expect(testCloud.timelineOf("SNS")).to.deep.equal(["info: topic told: Look"]);
  });

  it("has no topic that nobody made", async () => {
    expect(await refusal(publish())).to.equal("NotFound: Topic does not exist");
  });

  it("needs leave to publish, and to use the topic's key in the topic's context", async () => {
    const worker = await testCloud.worker(["sns:Publish"]);
    const kmsMasterKeyId = await testCloud.key();
    await topic({ kmsMasterKeyId });
    expect(await refusal(publish(worker))).to.include("kms:GenerateDataKey");
    const outcome = async (topicArn: string) => {
      testCloud = new TestCloud();
      await topic({ kmsMasterKeyId: await testCloud.key() });
      const StringEquals = { "kms:EncryptionContext:aws:sns:topicArn": topicArn };
      const may = { Effect: "Allow", Resource: "*" };
      const session = await testCloud.worker(["sns:Publish"]);
      await testCloud.create("aws:iam/rolePolicy:RolePolicy", "key", {
        name: "key",
        role: "worker",
        policy: {
          Version: "2012-10-17",
          Statement: [{ ...may, Action: "kms:*", Condition: { StringEquals } }],
        },
      });
      return refusal(publish(session));
    };
    expect(await outcome(TOPIC)).to.equal("it was taken");
    expect(await outcome(`${TOPIC}-of-others`)).to.include("kms:GenerateDataKey");
  });

  it("lets a service publish by the topic's policy alone", async () => {
    const created = await topic();
    await testCloud.create("aws:sns/topicPolicy:TopicPolicy", "policy", {
      arn: created.id,
      policy: letsService("cloudwatch.amazonaws.com", "sns:Publish"),
    });
    const call = (service: string) =>
      refusal(
        testCloud.cloud.call({
          principal: { kind: "service", service, sourceAccount: MEMBER },
          account: MEMBER,
          region: REGION,
          service: "sns",
          operation: "Publish",
          input: { TopicArn: TOPIC, Message: "x" },
        }),
      );
    expect(await call("cloudwatch.amazonaws.com")).to.equal("it was taken");
    expect(await call("events.amazonaws.com")).to.include("AccessDenied");
  });

  it("hands messages to queues that subscribe, and keeps e-mail for people", async () => {
    await topic();
    const policy = letsService("sns.amazonaws.com", "sqs:SendMessage", {
      ArnEquals: { "aws:SourceArn": TOPIC },
    });
    const queue = await testCloud.create("aws:sqs/queue:Queue", "in", { name: "in", policy });
    const subscribe = (name: string, protocol: string, endpoint: unknown, more: object = {}) =>
      testCloud.create("aws:sns/topicSubscription:TopicSubscription", name, {
        topic: TOPIC,
        protocol,
        endpoint,
        ...more,
      });
    await subscribe("queue", "sqs", queue.state["arn"], { rawMessageDelivery: true });
    const mail = await subscribe("mail", "email", "ops@example.com");
    await publish();
    await testCloud.cloud.clock.run();
    const [message] = testCloud.cloud.sqs.queue(queue.id).messages;
    expect(message?.Body).to.equal("something\nhappened");
    expect(mail.state["pendingConfirmation"]).to.equal(true);
    expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([]);
  });

  it("refuses names, protocols and endpoints that AWS refuses", async () => {
    await topic();
    const subscription = (protocol: string, endpoint: string) =>
      refusal(
        testCloud.create("aws:sns/topicSubscription:TopicSubscription", "it", {
          topic: TOPIC,
          protocol,
          endpoint,
        }),
      );
    expect(await refusal(testCloud.create(TYPE, "x", { name: "a.b" }))).to.include("Topic Name");
    expect(await subscription("pigeon", "x")).to.include("Does not support this protocol string");
    expect(await subscription("email", "nobody")).to.include("email endpoint: nobody");
    expect(await subscription("sqs", "https://sqs")).to.include("SQS endpoint ARN");
  });

  it("is changed in place and goes away", async () => {
    const created = await topic({ kmsMasterKeyId: await testCloud.key() });
    await testCloud.deployer().update(created, { name: "told", displayName: "Told" });
    expect(testCloud.cloud.sns.topic(TOPIC).kmsKey).to.equal(undefined);
    await testCloud.deployer().delete(created);
    expect(await refusal(publish())).to.equal("NotFound: Topic does not exist");
  });
});
