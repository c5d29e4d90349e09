import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InAccount } from "./account";
import { ArgumentError } from "./arguments";
import { enabledTag, packagesTag } from "./bootstrap-tags";

export interface ManagedHostArgs {
  /** EC2 instance type; its family decides the processor: `t3.micro`, `t4g.micro`. */
  readonly instanceType: string;
  /** Whether the host is bootstrapped when it starts. */
  readonly enabled: boolean;
  /** Names of the packages to install; as a JSON list at most 256 characters. */
  readonly packages: readonly string[];
  /** Name of the instance profile. */
  readonly instanceProfile: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
  /** A private subnet. Where the host was launched, it stays: see `pinned`. */
  readonly subnetId: pulumi.Input<string>;
}

/**
 * What is chosen when the host is launched and then kept, because a change would replace a running
 * host unasked: AWS publishes a new image every other week, and a VPC may get subnets that sort
 * before the present one. To renew a host: `pulumi up --replace <urn>`.
 */
const pinned = ["ami", "subnetId"];

/**
 * One Linux host (Amazon Linux 2023) that Systems Manager looks after: no key pair, no public
 * address, IMDSv2 only, encrypted volume, and the tags that have it bootstrapped.
 *
 * Let it depend on the `BootstrapProduct`: a host that starts before the rule exists is not seen.
 *
 * @example
 * new ManagedHost("web", { instanceType: "t3.micro", enabled: true, packages: ["fleet-facts"], … }, { provider });
 */
export class ManagedHost extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;

  constructor(name: string, args: ManagedHostArgs, opts: InAccount) {
    check(name, args);
    super("fleet:index:ManagedHost", name, { instanceType: args.instanceType }, opts);
    const image = aws.ssm.getParameterOutput(
      { name: newestImage(args.instanceType) },
      { parent: this },
    );
    const instance = new aws.ec2.Instance(
      `${name}-instance`,
      {
        // A public parameter is no secret, as `value` would have it.
        ami: image.insecureValue,
        instanceType: args.instanceType,
        iamInstanceProfile: args.instanceProfile,
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [args.securityGroupId],
        associatePublicIpAddress: false,
        metadataOptions: onlyImdsV2,
        // With the account's default key for EBS, which the account's owners choose.
        rootBlockDevice: { encrypted: true, volumeType: "gp3" },
        tags: {
          Name: name,
          [enabledTag]: String(args.enabled),
          [packagesTag]: JSON.stringify(args.packages),
        },
      },
      { parent: this, ignoreChanges: pinned },
    );
    this.instanceId = instance.id;
    this.registerOutputs({ instanceId: this.instanceId });
  }
}

/** One hop: the answer reaches the host itself and no container or forwarded request behind it. */
const onlyImdsV2 = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
};

/**
 * Splits an instance type into family letters, generation, attributes and size. In the attributes,
 * `g` is AWS's Graviton (arm64): `t4g`, `c7gn`, `im4gn`, but not `g5`, whose letter is the family.
 */
const typePattern =
  /^(?<family>[a-z]+(?:-[a-z0-9]+)?)(?<generation>\d+)(?<attributes>[a-z0-9-]*)\./;

/** Public parameter of the newest Amazon Linux 2023 image for the type's processor. */
function newestImage(instanceType: string): string {
  const { family, attributes } = typePattern.exec(instanceType)?.groups ?? {};
  const arm = family === "a" || attributes?.includes("g");
  const architecture = arm ? "arm64" : "x86_64";
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
}

function check(name: string, { instanceType }: ManagedHostArgs): void {
  if (typePattern.test(instanceType)) return;
  const reason = `expected an EC2 instance type such as "t3.micro", got "${instanceType}"`;
  throw new ArgumentError(`ManagedHost "${name}"`, [{ propertyPath: "instanceType", reason }]);
}
