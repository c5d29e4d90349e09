import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Partition } from "../lib/partitions.js";

export type { Partition };

/** The AWS account that a component's resources land in. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  readonly partition: Partition;
}

/**
 * A component's options. They are required, and name a provider or a parent that has one, because
 * in a program of many accounts a default account is never right.
 */
export type InAccount = pulumi.ComponentResourceOptions &
  ({ provider: aws.Provider } | { parent: pulumi.ComponentResource });
