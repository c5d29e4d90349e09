import { expect } from "chai";
import { MEMBER, TestCloud, REGION } from "../../../support/test-cloud.js";
import { refusal } from "../../refusal.js";

const TYPE = "aws:cloudwatch/logGroup:LogGroup";
const GROUP = "/cf/ec2/messages";
const ARN = `arn:aws:logs:${REGION}:${MEMBER}:log-group:${GROUP}`;

describe("CloudWatch Logs", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const group = (inputs: object = {}) =>
    testCloud.create(TYPE, "group", { name: GROUP, ...inputs });
  const call = <Output>(operation: string, input: object) =>
    testCloud.call<Output>("logs", operation, { logGroupName: GROUP, ...input });
  const stream = { logStreamName: "i-1" };
  const events = [
    { timestamp: 1, message: "first" },
    { timestamp: 2, message: "second" },
  ];

  it("keeps events by group and stream", async () => {
    await group({ retentionInDays: 90 });
    await call("CreateLogStream", stream);
    await call("PutLogEvents", { ...stream, logEvents: events });
    expect(await call("GetLogEvents", stream)).to.deep.equal({ events });
    const { logGroups } = await call<{ logGroups: object[] }>("DescribeLogGroups", {});
    expect(logGroups).to.deep.equal([
      {
        logGroupName: GROUP,
        arn: `${ARN}:*`,
        logGroupArn: ARN,
        creationTime: testCloud.cloud.clock.now,
        storedBytes: 63,
        logGroupClass: "STANDARD",
        retentionInDays: 90,
      },
    ]);
    const { logStreams } = await call<{ logStreams: object[] }>("DescribeLogStreams", {});
    expect(logStreams).to.have.length(1);
  });

  it("has no group and no stream that nobody made", async () => {
    expect(await refusal(call("CreateLogStream", stream))).to.equal(
      "ResourceNotFoundException: The specified log group does not exist.",
    );
    await call("CreateLogGroup", {});
    expect(await refusal(call("PutLogEvents", { ...stream, logEvents: events }))).to.equal(
      "ResourceNotFoundException: The specified log stream does not exist.",
    );
    expect(await refusal(call("CreateLogGroup", {}))).to.include("already exists");
  });

  it("asks for permission on what is below the group", async () => {
    await group();
    const as = async (Resource: string) => {
      const worker = await testCloud.worker(["logs:CreateLogStream"], { Resource });
      const input = { logGroupName: GROUP, logStreamName: Resource.length.toString() };
      return refusal(testCloud.call("logs", "CreateLogStream", input, worker));
    };
    expect(await as(ARN)).to.include(`logs:CreateLogStream on resource: ${ARN}:log-stream:`);
    testCloud = new TestCloud();
    await group();
    expect(await as(`${ARN}:*`)).to.equal("it was taken");
  });

  it("takes batches that are in order and not too large", async () => {
    await group();
    await call("CreateLogStream", stream);
    const put = (logEvents: object[]) => refusal(call("PutLogEvents", { ...stream, logEvents }));
    expect(await put([...events].reverse())).to.include("chronological order");
    expect(await put([{ timestamp: 1, message: "x".repeat(1_048_576) }])).to.include("too large");
    expect(await put([])).to.include("1-10,000 log events");
  });

  it("is encrypted with a key that CloudWatch Logs may use for this group", async () => {
    const principal = (region: string) => ({ Service: `logs.${region}.amazonaws.com` });
    const kmsKeyId = await testCloud.key(principal(REGION));
    await group({ kmsKeyId });
    expect(testCloud.cloud.logs.group({ account: MEMBER, region: REGION }, GROUP).kmsKey).to.equal(
      kmsKeyId,
    );
    testCloud = new TestCloud();
    expect(
      await refusal(group({ kmsKeyId: await testCloud.key(principal("us-east-1")) })),
    ).to.include(
      `The specified KMS key does not exist or is not allowed to be used with Arn '${ARN}'`,
    );
  });

  it("is asked in the context of the group's ARN", async () => {
    const outcome = async (arn: string) => {
      testCloud = new TestCloud();
      const ArnLike = { "kms:EncryptionContext:aws:logs:arn": arn };
      const statement = {
        Effect: "Allow",
        Principal: { Service: `logs.${REGION}.amazonaws.com` },
        Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        Resource: "*",
        Condition: { ArnLike },
      };
      const { state } = await testCloud.create("aws:kms/key:Key", "key", {
        policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
      });
      return refusal(group({ kmsKeyId: state["arn"] }));
    };
    expect(await outcome(`arn:aws:logs:${REGION}:${MEMBER}:log-group:/cf/*`)).to.equal(
      "it was taken",
    );
    expect(await outcome(`arn:aws:logs:${REGION}:${MEMBER}:log-group:/other/*`)).to.include(
      "nearly: a statement without Sid (the key policy of",
    );
  });

  it("has China's principal in China", async () => {
    testCloud = new TestCloud({ partition: "aws-cn" });
    const Service = `logs.${REGION}.amazonaws.com.cn`;
    expect(await refusal(group({ kmsKeyId: await testCloud.key({ Service }) }))).to.equal(
      "it was taken",
    );
  });

  it("refuses names and retentions that AWS refuses", async () => {
    expect(await refusal(group({ name: "a b" }))).to.include('Log group name "a b"');
    expect(await refusal(group({ name: "aws/x" }))).to.include("not beginning with aws/");
    expect(await refusal(group({ retentionInDays: 91 }))).to.include("Retention of 91 days");
  });

  it("is changed in place and goes away", async () => {
    const created = await group({ retentionInDays: 90 });
    await testCloud.deployer().update(created, { name: GROUP });
    const place = { account: MEMBER, region: REGION };
    expect(testCloud.cloud.logs.group(place, GROUP).retentionInDays).to.equal(undefined);
    await call("PutRetentionPolicy", { retentionInDays: 30 });
    expect(testCloud.cloud.logs.group(place, GROUP).retentionInDays).to.equal(30);
    await testCloud.deployer().delete(created);
    expect(await refusal(call("CreateLogStream", stream))).to.include("ResourceNotFoundException");
  });
});
