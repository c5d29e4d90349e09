import {
  DescribeInstancesCommand,
  DescribeSpotPriceHistoryCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  GetAutomationExecutionCommand,
  GetOpsSummaryCommand,
  SSMClient,
  StartAutomationExecutionCommand,
} from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { bridgeOf } from "../../server/request-dispatcher.js";
import type { WireRequest, WireResponse } from "../../server/http.js";
import { sdkConfig } from "../../server/request-handler.js";
import { MEMBER, REGION, TestCloud } from "../support/test-cloud.js";
import { refused } from "./support.js";

function posted(headers: Record<string, string>, body = ""): WireRequest {
  const query = new URLSearchParams();
  const head = { method: "POST", path: "/", query, headers: new Map(Object.entries(headers)) };
  return { ...head, body: new TextEncoder().encode(body) };
}

function text({ body }: WireResponse): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}

describe("AWS SDK clients in the local cloud", () => {
  let testCloud: TestCloud;
  beforeEach(() => {
    testCloud = new TestCloud();
  });
  const config = (account = MEMBER, region = REGION) => sdkConfig(testCloud.cloud, account, region);

  it("call as the operator of their credentials' account, in their Region", async () => {
    const { Entries, FailedEntryCount } = await new EventBridgeClient(config()).send(
      new PutEventsCommand({
        Entries: [
          { Source: "cf.test", DetailType: "Something", Detail: "{}" },
          { Source: "aws.ec2", DetailType: "Something", Detail: "{}" },
        ],
      }),
    );
    expect(FailedEntryCount).to.equal(1);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).to.deep.equal([
      undefined,
      "NotAuthorizedForSourceException",
    ]);
    const [call] = testCloud.cloud.calls;
    expect(call).to.deep.include({ account: MEMBER, region: REGION, call: "events:PutEvents" });
    expect(call?.principal).to.match(
      new RegExp(`^arn:aws:sts::${MEMBER}:assumed-role/.*/operator`),
    );
  });

  it("get AWS's errors as their SDK's classes", async () => {
    const ssm = new SSMClient(config());
    const document = await refused(ssm.send(new DescribeDocumentCommand({ Name: "nope" })));
    expect(document.name).to.equal("InvalidDocument");
    const id = "11111111-2222-3333-4444-555555555555";
    const execution = ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId: id }));
    expect((await refused(execution)).name).to.equal("AutomationExecutionNotFoundException");
    const QueueUrl = `https://sqs.${REGION}.amazonaws.com/${MEMBER}/none`;
    const queue = new SQSClient(config()).send(
      new SendMessageCommand({ QueueUrl, MessageBody: "x" }),
    );
    expect((await refused(queue)).name).to.equal("QueueDoesNotExist");
  });

  it("see instances by EC2's own protocol, and its refusals", async () => {
    const ec2 = new EC2Client(config());
    const none = [{ Name: "instance-id", Values: ["i-0123456789abcdef0"] }];
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: none }));
    expect(Reservations ?? []).to.deep.equal([]);
    const call = ec2.send(new DescribeInstancesCommand({ InstanceIds: ["i-0123456789abcdef0"] }));
    expect((await refused(call)).name).to.equal("InvalidInstanceID.NotFound");
  });

  it("get their identity", async () => {
    const identity = await new STSClient(config()).send(new GetCallerIdentityCommand({}));
    expect(identity.Account).to.equal(MEMBER);
    expect(identity.Arn).to.equal(testCloud.operator(MEMBER).arn);
  });

  it("are refused with a key that is nobody's, and without one", async () => {
    const ssm = new SSMClient({ ...config("444444444444"), maxAttempts: 1 });
    const error = await refused(ssm.send(new DescribeInstanceInformationCommand({})));
    expect(error.name).to.equal("UnrecognizedClientException");
    const wrong = new SSMClient({
      ...config(),
      credentials: { ...config().credentials, secretAccessKey: "guessed" },
    });
    expect((await refused(wrong.send(new DescribeInstanceInformationCommand({})))).name).to.equal(
      "InvalidSignatureException",
    );
    const { response } = await bridgeOf(testCloud.cloud).answer(posted({}));
    expect([response.status, JSON.parse(text(response))]).to.deep.equal([
      400,
      { __type: "MissingAuthenticationTokenException", message: "Missing Authentication Token" },
    ]);
    expect(testCloud.cloud.calls).to.deep.equal([]);
  });

  it("are refused what is missing or of another type, before an operation sees it", async () => {
    const ssm = new SSMClient(config());
    const missing = await refused(
      ssm.send(new StartAutomationExecutionCommand({ Tags: [{ Key: "a" }] } as never)),
    );
    expect(missing).to.deep.include({
      name: "ValidationException",
      message:
        "2 validation errors detected: Value null at 'documentName' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
    });
    const other = ssm.send(new DescribeDocumentCommand({ Name: 7 } as never));
    expect(await refused(other)).to.deep.include({
      name: "SerializationException",
      message: "name: number was not expected there",
    });
    expect(testCloud.cloud.calls).to.deep.equal([]);
  });

  it("are refused what is not modelled in their service's own words, and the report has it", async () => {
    const ops = new SSMClient(config()).send(new GetOpsSummaryCommand({}));
    expect(await refused(ops)).to.deep.include({
      name: "UnknownOperationException",
      message: "not rehearsed: ssm:GetOpsSummary: the local cloud does not model it",
    });
    const images = new EC2Client(config()).send(new DescribeSpotPriceHistoryCommand({}));
    expect((await refused(images)).name).to.equal("InvalidAction");
    expect([...testCloud.cloud.notRehearsed]).to.deep.equal([
      ["ssm:GetOpsSummary", 1],
      ["ec2:DescribeSpotPriceHistory", 1],
    ]);
  });
});
