import { Cloud } from "../../../../cloud/cloud.js";
import { PARTITIONS } from "../../../../kernel/partition.js";
import type { RoleSession } from "../../../../kernel/principal.js";
import type { Properties } from "../../../../kernel/resource.js";
import { imageOfParameter } from "../../../../cloud/services/ec2/images.js";
import type { Instance } from "../../../../kernel/instance.js";
import type { Deployed } from "../../../../program/deployer.js";
import { Deployer } from "../../../../program/deployer.js";
import { providerSettings } from "../../../../program/provider-settings.js";
import type { TestPackage } from "../../../host/support.js";

export const LOG = "111111111111";
export const MEMBER = "222222222222";
export const OTHER = "333333333333";
export const REGION = "eu-central-1";
const AMAZON_LINUX_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
export const WINDOWS_IMAGE =
  "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base";
export const BUCKET = "cf-log-packages";

/** Two accounts of one organisation, and what an administrator deploys in them. */
export class World {
  readonly cloud: Cloud;
  private readonly deployers = new Map<string, Deployer>();

  constructor() {
    const [partition] = PARTITIONS;
    if (partition === undefined) throw new Error("there is no partition");
    const accounts = [LOG, MEMBER, OTHER].map((id) => ({
      id,
      name: id,
      status: "ACTIVE" as const,
    }));
    this.cloud = new Cloud({
      partition,
      organization: { id: "o-a1b2c3d4e5", managementAccount: OTHER, accounts },
    });
    for (const { id } of accounts)
      this.deployers.set(id, new Deployer(this.cloud, providerSettings({}, id), "."));
    this.cloud.ec2.network.addVpc(MEMBER, REGION, "main");
  }

  deployer(account: string): Deployer {
    const found = this.deployers.get(account);
    if (found === undefined) throw new Error(`no account ${account}`);
    return found;
  }

  create(account: string, type: string, inputs: Properties): Promise<Deployed> {
    return this.deployer(account).create({ type, name: "test", region: REGION, inputs });
  }

  operator(account: string): RoleSession {
    return this.cloud.sts.operator(account);
  }

  call<Output>(
    operation: string,
    input: object,
    principal = this.operator(MEMBER),
  ): Promise<Output> {
    const request = { principal, account: principal.account, region: REGION, service: "ssm" };
    return this.cloud.call<Output>({ ...request, operation, input });
  }

  /** A document of the log account. */
  document(inputs: Properties): Promise<Deployed> {
    return this.create(LOG, "aws:ssm/document:Document", inputs);
  }

  async bucket(): Promise<void> {
    await this.create(LOG, "aws:s3/bucket:Bucket", { bucket: BUCKET });
  }

  /** Puts a package's files into the log account's bucket. */
  async upload(attachments: TestPackage["attachments"], prefix: string): Promise<void> {
    for (const [name, Body] of Object.entries(attachments)) {
      await this.cloud.call({
        principal: this.operator(LOG),
        account: LOG,
        region: REGION,
        service: "s3",
        operation: "PutObject",
        input: { Bucket: BUCKET, Key: `${prefix}/${name}`, Body },
      });
    }
  }

  /** The inputs of a document that is a package, its files in the bucket. */
  async packageInputs(
    name: string,
    versionName: string,
    { manifest, attachments }: TestPackage,
    account_ids = MEMBER,
  ): Promise<Properties> {
    const prefix = `packages/${name}/${versionName}`;
    await this.upload(attachments, prefix);
    return {
      name,
      documentType: "Package",
      content: JSON.stringify(manifest),
      versionName,
      attachmentsSources: [{ key: "SourceUrl", values: [`s3://${BUCKET}/${prefix}`] }],
      permissions: { type: "Share", account_ids },
    };
  }

  /** A role for instances, with AWS's managed policy unless others are given. */
  async profile(
    policies: readonly string[] = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
  ): Promise<string> {
    await this.create(MEMBER, "aws:iam/role:Role", {
      name: "host",
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "ec2.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ],
      },
      managedPolicyArns: policies,
    });
    await this.create(MEMBER, "aws:iam/instanceProfile:InstanceProfile", {
      name: "host",
      role: "host",
    });
    return this.cloud.iam.profileArn(MEMBER, "host");
  }

  launch(
    name: string,
    profile: string | undefined,
    tags: Readonly<Record<string, string>> = {},
    image: string = AMAZON_LINUX_IMAGE,
  ): Instance {
    const { cloud } = this;
    const imageId = imageOfParameter(image, REGION);
    const at = {
      kernel: cloud,
      account: MEMBER,
      region: REGION,
      principal: this.operator(MEMBER),
      name: "subnets",
      folder: ".",
    };
    const subnets = cloud.ec2.network.invokes["aws:ec2/getSubnets:getSubnets"]({}, at)[
      "ids"
    ] as string[];
    return cloud.ec2.launch({
      account: MEMBER,
      region: REGION,
      imageId: imageId ?? "",
      instanceType: "t3.micro",
      subnetId: subnets[0] ?? "",
      securityGroupIds: [],
      ...(profile !== undefined && { instanceProfileArn: profile }),
      tags: { Name: name, ...tags },
    });
  }

  /** An instance whose agent is online. */
  async host(
    name = "web",
    tags: Readonly<Record<string, string>> = {},
    image: string = AMAZON_LINUX_IMAGE,
  ): Promise<Instance> {
    const instance = this.launch(name, await this.profile(), tags, image);
    await this.cloud.clock.run();
    return instance;
  }

  /** What the timeline tells of one source. */
  timelineOf(source: string): readonly string[] {
    return this.cloud.timeline
      .filter((entry) => entry.source === source)
      .map(({ kind, text }) => `${kind}: ${text}`);
  }

  /** Runs the clock for as many seconds. */
  async pass(seconds: number): Promise<void> {
    await this.cloud.clock.run(this.cloud.clock.now + seconds * 1000);
  }
}
