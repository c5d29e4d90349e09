import { ListWorkGroupsCommand, AthenaClient } from "@aws-sdk/client-athena";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import {
  GetGroupCommand,
  ListGroupResourcesCommand,
  ResourceGroupsClient,
} from "@aws-sdk/client-resource-groups";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect } from "chai";
import type { ServedCloud } from "../../server/server.js";
import { serve } from "../../server/server.js";
import { MEMBER, OTHER, REGION, TestCloud } from "../support/test-cloud.js";
import { broken, refused } from "./support.js";

describe("over the wire", () => {
  let testCloud: TestCloud;
  let served: ServedCloud;
  const before = { ...process.env };
  beforeEach(async () => {
    testCloud = new TestCloud();
    served = await serve(testCloud.cloud, { clockSpeed: { perRequest: 1000 }, broken });
    Object.assign(process.env, served.environment(MEMBER, REGION));
  });
  afterEach(async () => {
    process.env = { ...before };
    await served.close();
  });

  it("SSM keeps parameters, their times and what they refuse", async () => {
    const ssm = new SSMClient();
    await ssm.send(new PutParameterCommand({ Name: "/a", Value: "<ü>", Type: "String" }));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/a" }));
    expect(Parameter).to.deep.include({
      Value: "<ü>",
      Version: 1,
      LastModifiedDate: new Date("2026-01-05T08:00:01Z"),
      ARN: `arn:aws:ssm:${REGION}:${MEMBER}:parameter/a`,
    });
    const again = new PutParameterCommand({ Name: "/a", Value: "b", Type: "String" });
    expect((await refused(ssm.send(again))).name).to.equal("ParameterAlreadyExists");
  });

  it("EC2 returns instances by filters, with tags, times and states", async () => {
    const instance = testCloud.launch("web <1>", undefined, { team: "a&b" });
    testCloud.launch("other", undefined);
    const { Reservations = [] } = await new EC2Client().send(
      new DescribeInstancesCommand({ Filters: [{ Name: "tag:team", Values: ["a&b", "c"] }] }),
    );
    expect(Reservations).to.have.lengthOf(1);
    const [found] = Reservations[0]?.Instances ?? [];
    expect(found?.InstanceId).to.equal(instance.id);
    expect(found?.State?.Name).to.equal("pending");
    expect(found?.LaunchTime).to.deep.equal(new Date("2026-01-05T08:00:00Z"));
    expect(found?.Tags).to.have.deep.members([
      { Key: "Name", Value: "web <1>" },
      { Key: "team", Value: "a&b" },
    ]);
    const byIds = new DescribeInstancesCommand({ InstanceIds: ["i-0123456789abcdef0"] });
    expect((await refused(new EC2Client().send(byIds))).message).to.include("i-0123456789abcdef0");
  });

  it("SQS and SNS take messages, in JSON and in forms", async () => {
    await testCloud.create("aws:sqs/queue:Queue", "test", { name: "work" });
    const QueueUrl = `https://sqs.${REGION}.amazonaws.com/${MEMBER}/work`;
    // The SDK would go to the host in the queue's URL, whatever the environment says.
    const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
    const MessageAttributes = { why: { DataType: "String", StringValue: "because" } };
    const sent = await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: "<a>\n", MessageAttributes }),
    );
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }),
    );
    expect(Messages?.map(({ Body, MessageId }) => [Body, MessageId])).to.deep.equal([
      ["<a>\n", sent.MessageId],
    ]);
    await testCloud.create("aws:sns/topic:Topic", "test", { name: "told" });
    const TopicArn = `arn:aws:sns:${REGION}:${MEMBER}:told`;
    const sns = new SNSClient();
    const Message = "line one\nline two & <three>";
    await sns.send(new PublishCommand({ TopicArn, Subject: "Look", Message }));
    const kept = testCloud.cloud.sns.topic(TopicArn).messages;
    expect(kept.map(({ subject, message }) => [subject, message])).to.deep.equal([
      ["Look", Message],
    ]);
    const nowhere = new PublishCommand({ TopicArn: `${TopicArn}s`, Message });
    expect((await refused(sns.send(nowhere))).name).to.equal("NotFoundException");
  });

  it("Resource Groups answers by its paths", async () => {
    const groups = new ResourceGroupsClient();
    const ResourceQuery = {
      type: "TAG_FILTERS_1_0",
      query: JSON.stringify({
        ResourceTypeFilters: ["AWS::EC2::Instance"],
        TagFilters: [{ Key: "team", Values: ["a"] }],
      }),
    };
    await testCloud.create("aws:resourcegroups/group:Group", "test", {
      name: "team-a",
      resourceQuery: ResourceQuery,
    });
    const instance = testCloud.launch("web", undefined, { team: "a" });
    const { Resources } = await groups.send(new ListGroupResourcesCommand({ Group: "team-a" }));
    expect(Resources?.map(({ Identifier }) => Identifier)).to.deep.equal([
      {
        ResourceArn: `arn:aws:ec2:${REGION}:${MEMBER}:instance/${instance.id}`,
        ResourceType: "AWS::EC2::Instance",
      },
    ]);
    const none = groups.send(new GetGroupCommand({ Group: "none" }));
    expect((await refused(none)).name).to.equal("NotFoundException");
  });

  it("Athena, EventBridge, CloudWatch Logs and Organizations answer in JSON", async () => {
    await testCloud.create("aws:athena/workgroup:Workgroup", "test", { name: "cf-runs" });
    const { WorkGroups } = await new AthenaClient().send(new ListWorkGroupsCommand({}));
    expect(WorkGroups?.map(({ Name }) => Name)).to.include("cf-runs");
    const { FailedEntryCount } = await new EventBridgeClient().send(
      new PutEventsCommand({
        Entries: [{ Source: "cf.test", DetailType: "Something", Detail: "{}" }],
      }),
    );
    expect(FailedEntryCount).to.equal(0);
    await testCloud.create("aws:cloudwatch/logGroup:LogGroup", "test", { name: "/a/b" });
    const { logGroups } = await new CloudWatchLogsClient().send(new DescribeLogGroupsCommand({}));
    expect(logGroups?.map(({ logGroupName }) => logGroupName)).to.deep.equal(["/a/b"]);
    Object.assign(process.env, served.environment(OTHER, REGION));
    const { Accounts } = await new OrganizationsClient().send(new ListAccountsCommand({}));
    expect(Accounts?.map(({ Id }) => Id)).to.include.members([MEMBER, OTHER]);
  });
});
