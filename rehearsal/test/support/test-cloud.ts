import { Cloud } from "../../cloud/cloud.js";
import { imageOfParameter } from "../../cloud/services/ec2/images.js";
import type { Instance } from "../../kernel/instance.js";
import type { Organization } from "../../kernel/organization.js";
import { partitionNamed } from "../../kernel/partition.js";
import type { Emitted } from "../../kernel/ports.js";
import type { RoleSession } from "../../kernel/principal.js";
import type { Properties } from "../../kernel/resource.js";
import type { Deployed } from "../../program/deployer.js";
import { Deployer } from "../../program/deployer.js";
import { providerSettings } from "../../program/provider-settings.js";
import { allow, policy, trust } from "./policies.js";

export const LOG = "111111111111";
export const MEMBER = "222222222222";
export const OTHER = "333333333333";
export const REGION = "eu-central-1";
export const AMAZON_LINUX_IMAGE =
  "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
export const WINDOWS_IMAGE =
  "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base";
/** The log account's bucket. */
export const BUCKET = "cf-log-packages";

const ORGANIZATION: Organization = {
  id: "o-a1b2c3d4e5",
  managementAccount: OTHER,
  accounts: [LOG, MEMBER, OTHER].map((id) => ({ id, name: id, status: "ACTIVE" })),
};

export interface TestCloudOptions {
  readonly partition?: string;
  readonly organization?: Organization;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface RoleOptions {
  readonly account?: string;
  /** @default Systems Manager may assume it */
  readonly trusts?: object;
  readonly allows?: object;
  readonly managedPolicyArns?: readonly string[];
}

/** A local cloud with the accounts of one organisation, and what an administrator deploys and does there. */
export class TestCloud {
  readonly cloud: Cloud;
  /** What services raised. */
  readonly events: Emitted[] = [];
  /** Who calls, unless a call names somebody. */
  protected caller: RoleSession;
  private readonly deployers = new Map<string, Deployer>();

  constructor({ partition = "aws", organization = ORGANIZATION }: TestCloudOptions = {}) {
    this.cloud = new Cloud({ partition: partitionNamed(partition), organization });
    this.cloud.ec2.network.addVpc(MEMBER, REGION, "main");
    this.caller = this.operator(MEMBER);
    const emit = this.cloud.events.emit.bind(this.cloud.events);
    this.cloud.events.emit = (event) => {
      this.events.push(event);
      return emit(event);
    };
  }

  deployer(account: string = MEMBER): Deployer {
    const found =
      this.deployers.get(account) ?? new Deployer(this.cloud, providerSettings({}, account), ".");
    this.deployers.set(account, found);
    return found;
  }

  /** Deploys a resource, in the member unless another account is given. What has no name among its inputs gets one of `name`. */
  create(
    type: string,
    name: string,
    inputs: Properties = {},
    { account = MEMBER, region = REGION }: Partial<Place> = {},
  ): Promise<Deployed> {
    return this.deployer(account).create({ type, name, region, inputs });
  }

  operator(account: string): RoleSession {
    return this.cloud.sts.operator(account);
  }

  /** Calls AWS in the account of who calls. */
  call<Output>(
    service: string,
    operation: string,
    input: object,
    principal: RoleSession = this.caller,
  ): Promise<Output> {
    const { account } = principal;
    return this.cloud.call<Output>({
      principal,
      account,
      region: REGION,
      service,
      operation,
      input,
    });
  }

  /** A role with its trust policy and, where they are given, an inline policy and managed ones; gives its ARN. */
  async role(name: string, options: RoleOptions = {}): Promise<string> {
    const { account = MEMBER, allows, managedPolicyArns } = options;
    const { trusts = policy(trust({ Service: "ssm.amazonaws.com" })) } = options;
    const inputs = {
      name,
      assumeRolePolicy: trusts,
      ...(managedPolicyArns && { managedPolicyArns }),
    };
    const { state } = await this.create("aws:iam/role:Role", name, inputs, { account });
    if (allows !== undefined) {
      const inline = { name: "may", role: name, policy: allows };
      await this.create("aws:iam/rolePolicy:RolePolicy", name, inline, { account });
    }
    return String(state["arn"]);
  }

  /** A session of the member's role `worker`, which may do just this. */
  async worker(actions: readonly string[], more: object = {}): Promise<RoleSession> {
    return this.cloud.sts.assume({
      principal: { kind: "service", service: "ssm.amazonaws.com", sourceAccount: MEMBER },
      roleArn: await this.role("worker", { allows: policy(allow(actions, more)) }),
      sessionName: "me",
      region: REGION,
    });
  }

  /** A key of the member that these principals may use for everything. */
  async key(...principals: object[]): Promise<string> {
    const root = { AWS: `arn:aws:iam::${MEMBER}:root` };
    const statements = [root, ...principals].map((Principal) => allow("kms:*", { Principal }));
    const { state } = await this.create("aws:kms/key:Key", "key", {
      policy: JSON.stringify(policy(...statements)),
    });
    return String(state["arn"]);
  }

  /** A document of the log account. */
  document(inputs: Properties): Promise<Deployed> {
    return this.create("aws:ssm/document:Document", "test", inputs, { account: LOG });
  }

  async bucket(): Promise<void> {
    await this.create("aws:s3/bucket:Bucket", "test", { bucket: BUCKET }, { account: LOG });
  }

  /** The profile of a role for instances, with AWS's managed policy unless others are given. */
  async profile(
    managedPolicyArns: readonly string[] = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
  ): Promise<string> {
    const trusts = policy(trust({ Service: "ec2.amazonaws.com" }));
    await this.role("host", { trusts, managedPolicyArns });
    const inputs = { name: "host", role: "host" };
    await this.create("aws:iam/instanceProfile:InstanceProfile", "host", inputs);
    return this.cloud.iam.profileArn(MEMBER, "host");
  }

  launch(
    name: string,
    instanceProfileArn: string | undefined,
    tags: Readonly<Record<string, string>> = {},
    image: string = AMAZON_LINUX_IMAGE,
    account: string = MEMBER,
  ): Instance {
    return this.cloud.ec2.launch({
      account,
      region: REGION,
      imageId: imageOfParameter(image, REGION) ?? "",
      instanceType: "t3.micro",
      subnetId: this.subnet(account),
      securityGroupIds: [],
      ...(instanceProfileArn !== undefined && { instanceProfileArn }),
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

  /** `kind: text` of the timeline's entries from one source. */
  timelineOf(source: string): readonly string[] {
    return this.cloud.timeline
      .filter((entry) => entry.source === source)
      .map(({ kind, text }) => `${kind}: ${text}`);
  }

  /** Runs the clock for as many seconds. */
  async pass(seconds: number): Promise<void> {
    await this.cloud.clock.run(this.cloud.clock.now + seconds * 1000);
  }

  private subnet(account: string): string {
    const { network } = this.cloud.ec2;
    const principal = this.operator(account);
    const at = {
      kernel: this.cloud,
      account,
      region: REGION,
      principal,
      name: "subnets",
      folder: ".",
    };
    const find = () => network.invokes["aws:ec2/getSubnets:getSubnets"]({}, at)["ids"] as string[];
    if (find().length === 0) network.addVpc(account, REGION, "main");
    return find()[0] ?? "";
  }
}
