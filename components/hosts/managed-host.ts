import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import { ArgumentError } from "../arguments.js";
import {
  argumentsTag,
  cloudWatchTag,
  domainTag,
  enabledTag,
  hostnameTag,
  packagesTag,
} from "../bootstrap/bootstrap-tags.js";
import type { ImageChoice } from "./host-image.js";
import { pinned, warnOfPinned } from "./pinned.js";
import { imageParameter, imageProblem, instanceTypeProblem } from "./host-image.js";

/** What the host's tags ask of the bootstrap; each value has at most 256 characters. */
export interface BootstrapWishes {
  /** Whether the host is bootstrapped when it starts. */
  readonly enabled: boolean;
  /** Names of the packages to install. */
  readonly packages: readonly string[];
  /** Name of a CloudWatch configuration, or `SKIP`. */
  readonly cloudwatch: string;
  /** By package: environment variables of its install script, named `SSM_…`. @default none */
  readonly arguments?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the host is to be called. @default as EC2 calls it */
  readonly hostname?: string;
  /** Directory that a Windows host joins: `d-…`. @default none */
  readonly domain?: string;
}

export interface ManagedHostArgs extends ImageChoice, BootstrapWishes {
  /** Size of the root volume in GiB: 8-2,048, for Windows from 30. @default the image's */
  readonly volumeSizeGiB?: number;
  /** Name of the instance profile. */
  readonly instanceProfile: pulumi.Input<string>;
  /** At most five, by AWS's default quota. */
  readonly securityGroupIds: readonly pulumi.Input<string>[];
  /** A private subnet. Where the host was launched, it stays: see `pinned`. */
  readonly subnetId: pulumi.Input<string>;
  /** Whether somebody chose the subnet, and so wants to know that a running host does not move. @default false */
  readonly choosesSubnet?: boolean;
  /** The instance of the last deployment, and the public parameter of its image. @default unknown */
  readonly launched?: LaunchedHost;
}

/** A host as it was launched. */
export interface LaunchedHost {
  readonly instanceId: string;
  readonly image: string;
}

/**
 * One host, Amazon Linux 2023 or Windows Server 2025, that Systems Manager looks after: no key pair,
 * no public address, IMDSv2 only, encrypted volume, and the tags that have it bootstrapped.
 *
 * Let it depend on the `BootstrapProduct`: a host that starts before the rule exists is not seen.
 *
 * @example
 * new ManagedHost("web", { platform: "linux", instanceType: "t3.micro", enabled: true, packages: ["fleet-facts"], … }, { provider });
 */
export class ManagedHost extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** The public parameter that names the image which the instance was launched from. */
  readonly image: pulumi.Output<string>;

  constructor(name: string, args: ManagedHostArgs, opts: InAccount) {
    check(name, args);
    const { platform, instanceType, volumeSizeGiB: volumeSize } = args;
    super("fleet:index:ManagedHost", name, { platform, instanceType }, opts);
    const image = aws.ssm.getParameterOutput({ name: imageParameter(args) }, { parent: this });
    const instance = new aws.ec2.Instance(
      `${name}-instance`,
      {
        // A public parameter is no secret, as `value` would have it.
        ami: image.insecureValue,
        instanceType,
        iamInstanceProfile: args.instanceProfile,
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [...args.securityGroupIds],
        associatePublicIpAddress: false,
        metadataOptions: onlyImdsV2,
        // With the account's default key for EBS, which the account's owners choose.
        rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize },
        tags: { Name: name, ...bootstrapTags(args) },
      },
      { parent: this, ignoreChanges: pinned },
    );
    this.instanceId = instance.id;
    this.image = instance.id.apply((id) =>
      args.launched?.instanceId === id ? args.launched.image : imageParameter(args),
    );
    const subnetId = args.choosesSubnet === true ? args.subnetId : instance.subnetId;
    const wanted = { image: imageParameter(args), subnetId };
    warnOfPinned(name, instance, { image: this.image, subnetId: instance.subnetId }, wanted);
    this.registerOutputs({ instanceId: this.instanceId, image: this.image });
  }
}

/** One hop: the answer reaches the host itself and no container or forwarded request behind it. */
const onlyImdsV2 = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
};

/** The tags that ask the runbook for settings and packages; what is not wanted has no tag. */
export function bootstrapTags(wishes: BootstrapWishes): Record<string, string> {
  const { arguments: given = {}, hostname, domain } = wishes;
  return {
    [enabledTag]: String(wishes.enabled),
    [packagesTag]: JSON.stringify(wishes.packages),
    [cloudWatchTag]: wishes.cloudwatch,
    ...(Object.keys(given).length > 0 && { [argumentsTag]: JSON.stringify(given) }),
    ...(hostname !== undefined && { [hostnameTag]: hostname }),
    ...(domain !== undefined && { [domainTag]: domain }),
  };
}

/** EC2's limit for the length of the value of a tag, in characters. */
export const maxTagLength = 256;

function check(name: string, args: ManagedHostArgs): void {
  const problems: pulumi.InputPropertyErrorDetails[] = [];
  const note = (propertyPath: string, reason: string | undefined) => {
    if (reason !== undefined) problems.push({ propertyPath, reason });
  };
  note("instanceType", instanceTypeProblem(args));
  note("image", imageProblem(args));
  for (const [tag, value] of Object.entries(bootstrapTags(args))) {
    if (value.length <= maxTagLength) continue;
    note("tags", `expected at most ${maxTagLength} characters in ${tag}, got ${value.length}`);
  }
  if (problems.length > 0) throw new ArgumentError(`ManagedHost "${name}"`, problems);
}
