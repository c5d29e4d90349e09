import { BUCKET, LOG, MEMBER, REGION, TestCloud } from "../rehearsal/test/support/test-cloud.js";

export interface CommandFigures {
  readonly hosts: number;
  readonly succeeded: number;
  readonly objects: number;
  /** Processor time of the command alone, without the launch of its hosts. */
  readonly processorSeconds: number;
  /** Processor time of listing all its invocations and all its outputs. */
  readonly listingSeconds: number;
  readonly virtualSeconds: number;
  readonly peakMemory: number;
}

const SCRIPT = ['echo "{\\"host\\":\\"$(hostname)\\",\\"kernel\\":\\"$(uname -r)\\"}"'];

/** One command runs a short script on as many hosts; each keeps its output in the bucket. */
export async function measureCommands(hosts: number): Promise<CommandFigures> {
  const testCloud = new TestCloud();
  const { cloud } = testCloud;
  await testCloud.bucket();
  await testCloud.host("h0");
  await allowOutput(testCloud);
  const profile = cloud.iam.profileArn(MEMBER, "host");
  for (let n = 1; n < hosts; n++) testCloud.launch(`h${n}`, profile);
  await cloud.clock.run();

  const [before, virtual] = [process.cpuUsage(), cloud.clock.now];
  const { Command } = await testCloud.call<{ Command: { CommandId: string } }>(
    "ssm",
    "SendCommand",
    {
      DocumentName: "AWS-RunShellScript",
      Targets: [{ Key: "InstanceIds", Values: ["*"] }],
      Parameters: { commands: SCRIPT },
      MaxConcurrency: "500",
      OutputS3BucketName: BUCKET,
      OutputS3KeyPrefix: "output",
    },
  );
  await cloud.clock.run();
  const ran = process.cpuUsage(before);
  const virtualSeconds = (cloud.clock.now - virtual) / 1000;

  const again = process.cpuUsage();
  const succeeded = await countSucceeded(testCloud, Command.CommandId);
  const objects = await countObjects(testCloud);
  const listed = process.cpuUsage(again);
  return {
    hosts,
    succeeded,
    objects,
    processorSeconds: (ran.user + ran.system) / 1e6,
    listingSeconds: (listed.user + listed.system) / 1e6,
    virtualSeconds,
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
}

async function allowOutput(testCloud: TestCloud): Promise<void> {
  const statement = { Effect: "Allow", Action: ["s3:PutObject", "s3:PutObjectAcl"] };
  const resource = { Resource: `arn:aws:s3:::${BUCKET}/output/*` };
  const policy = (more: object) => ({
    Version: "2012-10-17",
    Statement: [{ ...statement, ...resource, ...more }],
  });
  await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
    name: "outputs",
    role: "host",
    policy: policy({}),
  });
  await testCloud.create(
    "aws:s3/bucketPolicy:BucketPolicy",
    "test",
    {
      bucket: BUCKET,
      policy: policy({ Principal: { AWS: MEMBER } }),
    },
    { account: LOG },
  );
}

interface Page {
  readonly NextToken?: string;
  readonly CommandInvocations: readonly { readonly Status: string }[];
}

async function countSucceeded(testCloud: TestCloud, CommandId: string): Promise<number> {
  let succeeded = 0;
  for (let more: { NextToken?: string } | undefined = {}; more !== undefined;) {
    const page: Page = await testCloud.call("ssm", "ListCommandInvocations", {
      CommandId,
      ...more,
    });
    succeeded += page.CommandInvocations.filter(({ Status }) => Status === "Success").length;
    const { NextToken } = page;
    more = NextToken === undefined ? undefined : { NextToken };
  }
  return succeeded;
}

interface Objects {
  readonly KeyCount: number;
  readonly NextContinuationToken?: string;
}

async function countObjects(testCloud: TestCloud): Promise<number> {
  const place = { principal: testCloud.operator(LOG), account: LOG, region: REGION, service: "s3" };
  let count = 0;
  for (let more: { ContinuationToken?: string } | undefined = {}; more !== undefined;) {
    const input = { Bucket: BUCKET, Prefix: "output/", ...more };
    const page: Objects = await testCloud.cloud.call({
      ...place,
      operation: "ListObjectsV2",
      input,
    });
    count += page.KeyCount;
    const { NextContinuationToken: ContinuationToken } = page;
    more = ContinuationToken === undefined ? undefined : { ContinuationToken };
  }
  return count;
}
