import type { Arn } from "../../../kernel/arn.js";

export interface Workgroup {
  readonly name: string;
  readonly arn: Arn;
  description?: string;
  enabled: boolean;
  /** Whether it may be deleted with its queries and their history. */
  forceDestroy: boolean;
  configuration: WorkgroupConfiguration;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

export interface WorkgroupConfiguration {
  /** Whether the workgroup's settings overrule those of a query. */
  readonly enforced: boolean;
  /** e.g. `s3://bucket/queries/` */
  readonly outputLocation?: string;
  readonly encryption?: { readonly option: string; readonly kmsKey?: Arn };
  /** Bytes. */
  readonly cutoff?: number;
  readonly publishesMetrics: boolean;
  readonly requesterPays: boolean;
  readonly engine: string;
}

export interface NamedQuery {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly database: string;
  readonly sql: string;
  readonly workgroup: string;
}

export type QueryState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
