import { GetObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import type { Identity } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { Location } from "./split.js";

/** How a host answered, as the runbook records it. */
export interface HostRecord {
  readonly run: string;
  readonly account: string;
  readonly region: string;
  readonly commandId: string;
  readonly instanceId: string;
  readonly name: string;
  readonly platform: string;
  readonly status: string;
  readonly statusDetails: string;
  readonly responseCode: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** What it printed is in the bucket. */
  readonly outputWritten: boolean;
  readonly document: string;
}

/** The state of a host for a person. */
export type HostResult = "ok" | "failed" | "no answer" | "stopped" | "no script";

/** Requests to S3 at once. */
const MAX_PARALLEL_CALLS = 16;

/** Reads what a run has recorded of its hosts; an account and Region that has no record has none. */
export async function recordsOf(
  run: string,
  locations: readonly Location[],
  log: LogStack,
  operator: Identity,
): Promise<readonly HostRecord[]> {
  const limit = pLimit(MAX_PARALLEL_CALLS);
  const lists = await Promise.all(
    locations.map((location) => limit(() => recordsIn(run, location, log, operator))),
  );
  return lists.flat();
}

async function recordsIn(
  run: string,
  { account, region }: Location,
  log: LogStack,
  operator: Identity,
): Promise<readonly HostRecord[]> {
  const own = log.buckets[region];
  const Bucket = own ?? log.buckets[log.home] ?? "";
  const client = operator.s3(
    own === undefined || own === log.buckets[log.home] ? log.home : region,
  );
  const Prefix = `invocations/${account}/${region}/${run}/`;
  const found: HostRecord[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      const text = (await Body?.transformToString()) ?? "";
      for (const line of text.split("\n")) {
        if (line.trim() !== "") found.push(JSON.parse(line) as HostRecord);
      }
    }
  }
  return found;
}

/**
 * Source: User Guide, "Understanding command statuses": hosts that a command never reached, and those that it was not
 * sent to because of too many errors.
 */
const NO_ANSWER = ["DeliveryTimedOut", "Delivery Timed Out", "Undeliverable", "Delayed", "Pending"];

export function resultOf({ status, statusDetails, outputWritten }: HostRecord): HostResult {
  if (status === "Success") return outputWritten ? "ok" : "failed";
  const details = statusDetails || status;
  if (details === "InvalidPlatform" || details === "Invalid Platform") return "no script";
  if (NO_ANSWER.includes(details)) return "no answer";
  if (details === "Terminated" || status === "Cancelled") return "stopped";
  return "failed";
}

/** Why it is not well, in a few words. */
export function reasonOf(record: HostRecord): string {
  const { status, statusDetails, responseCode, outputWritten } = record;
  if (status === "Success") return outputWritten ? "" : "what it printed is not in the bucket";
  const details = statusDetails || status;
  if (resultOf(record) === "stopped") return "not asked, as too many others failed";
  return responseCode > 0 ? `${details}, exit code ${responseCode}` : details;
}
