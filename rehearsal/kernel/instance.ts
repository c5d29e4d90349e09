import type { Arn } from "./arn.js";

export type InstanceState =
  "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";

/** The operating system of an image, in the words of SSM's DescribeInstanceInformation. */
export interface OperatingSystem {
  readonly platformType: "Linux" | "Windows";
  /** e.g. `Amazon Linux` */
  readonly platformName: string;
  /** e.g. `2023` */
  readonly platformVersion: string;
  readonly architecture: "x86_64" | "arm64";
}

export interface Instance {
  /** e.g. `i-0a1b2c3d4e5f60718` */
  readonly id: string;
  readonly arn: Arn;
  readonly account: string;
  readonly region: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  /** e.g. `eu-central-1a` */
  readonly availabilityZone: string;
  readonly securityGroupIds: readonly string[];
  readonly privateIp: string;
  /** The ARN of the instance profile, where there is one. */
  readonly instanceProfileArn?: Arn;
  readonly os: OperatingSystem;
  state: InstanceState;
  /** Milliseconds since the epoch of the last start. */
  launchTime: number;
  readonly tags: Map<string, string>;
}
