import type { Message, QueueAttributeName } from "@aws-sdk/client-sqs";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { sdkConfig } from "../../../../server/request-handler.js";
import { MEMBER, REGION, TestCloud } from "../../../support/test-cloud.js";

/** The SDK's own client, which checks the digests of messages. */
describe("a queue", () => {
  let testCloud: TestCloud;
  let sqs: SQSClient;
  let QueueUrl: string;
  beforeEach(async () => {
    testCloud = new TestCloud();
    sqs = new SQSClient(sdkConfig(testCloud.cloud, MEMBER, REGION));
    const inputs = { name: "letters", visibilityTimeoutSeconds: 60 };
    QueueUrl = (await testCloud.create("aws:sqs/queue:Queue", "test", inputs)).id;
    for (const MessageBody of ["first", "second", "third"]) {
      const MessageAttributes = { CAUSE: { DataType: "String", StringValue: MessageBody } };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    }
  });

  const receive = async (more: object = {}): Promise<Message[]> => {
    const input = { QueueUrl, MaxNumberOfMessages: 10, ...more };
    return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
  };
  const bodies = async (more?: object) => (await receive(more)).map(({ Body }) => Body);
  const pass = (seconds: number) =>
    testCloud.cloud.clock.run(testCloud.cloud.clock.now + seconds * 1000);
  const handle = ({ ReceiptHandle = "" }: Message = {}) => ReceiptHandle;

  it("hands out a message to one at a time, until its time is over", async () => {
    expect(await bodies({ MaxNumberOfMessages: 2 })).to.deep.equal(["first", "second"]);
    expect(await bodies({ VisibilityTimeout: 5 })).to.deep.equal(["third"]);
    expect(await bodies()).to.deep.equal([]);
    await pass(5);
    expect(await bodies({ VisibilityTimeout: 600 })).to.deep.equal(["third"]);
    await pass(55);
    expect(await bodies()).to.deep.equal(["first", "second"]);
  });

  it("gives the attributes that are asked for", async () => {
    const [plain] = await receive({ VisibilityTimeout: 0 });
    expect(plain).not.to.have.any.keys("MessageAttributes", "Attributes");
    const [whole] = await receive({
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount"],
    });
    expect(whole?.MessageAttributes?.["CAUSE"]?.StringValue).to.equal("first");
    const sent = String(Date.UTC(2026, 0, 5, 8));
    expect(whole?.Attributes).to.deep.equal({ SentTimestamp: sent, ApproximateReceiveCount: "2" });
  });

  it("deletes by the handle of the last handing out, and by no older one", async () => {
    const [old] = await receive({ VisibilityTimeout: 0 });
    const [first, second] = await receive({ VisibilityTimeout: 0 });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle(old) }));
    expect(await bodies({ VisibilityTimeout: 0 })).to.have.length(3);
    const [again] = await receive({ VisibilityTimeout: 0 });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle(again) }));
    expect(await bodies({ VisibilityTimeout: 0 })).to.deep.equal(["second", "third"]);
    expect(handle(first)).not.to.equal(handle(second));
  });

  it("deletes each entry of a batch separately", async () => {
    const [first] = await receive({ MaxNumberOfMessages: 1 });
    const Entries = [
      { Id: "a", ReceiptHandle: handle(first) },
      { Id: "b", ReceiptHandle: "nonsense" },
    ];
    const { Successful, Failed } = await sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl, Entries }),
    );
    expect(Successful).to.deep.equal([{ Id: "a" }]);
    expect(Failed?.map(({ Id, Code }) => [Id, Code])).to.deep.equal([
      ["b", "ReceiptHandleIsInvalid"],
    ]);
    expect(await bodies()).to.deep.equal(["second", "third"]);
  });

  it("takes a message back before its time", async () => {
    const [first] = await receive({ MaxNumberOfMessages: 1 });
    const input = { QueueUrl, ReceiptHandle: handle(first), VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(input));
    expect(await bodies()).to.deep.equal(["first", "second", "third"]);
  });

  it("counts those that wait and those that were handed out", async () => {
    await receive({ MaxNumberOfMessages: 1 });
    const AttributeNames: QueueAttributeName[] = [
      "ApproximateNumberOfMessages",
      "ApproximateNumberOfMessagesNotVisible",
    ];
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames }),
    );
    expect(Attributes).to.deep.equal({
      ApproximateNumberOfMessages: "2",
      ApproximateNumberOfMessagesNotVisible: "1",
    });
  });

  it("lets go of what is older than it keeps: four days", async () => {
    await pass(4 * 86_400 - 1);
    expect(await bodies({ VisibilityTimeout: 0 })).to.have.length(3);
    await pass(1);
    expect(await bodies()).to.deep.equal([]);
  });

  it("refuses what SQS refuses", async () => {
    const codes: string[] = [];
    for (const more of [{ MaxNumberOfMessages: 11 }, { VisibilityTimeout: 43_201 }]) {
      await receive(more).catch((error: Error) => codes.push(error.name));
    }
    expect(codes).to.deep.equal(["ReadCountOutOfRange", "InvalidParameterValue"]);
  });
});
