import { AccessDenied, AwsError, messageOf, NotRehearsed } from "../../../kernel/errors.js";
import { LATENCY } from "../../../kernel/latency.js";
import type { Caller } from "../../../kernel/operation.js";
import { csvOf, metadataOf } from "./results.js";
import { Scan } from "./scan.js";
import type { QueryResult } from "./sql/engine.js";
import { runQuery } from "./sql/engine.js";
import { QueryCancelled, QueryFailed } from "./sql/failure.js";
import type { Query } from "./sql/query.js";
import { readsPath, translate } from "./sql/translation.js";
import { load, tableOf } from "./tables.js";
import type { QueryState, Workgroup } from "./workgroup.js";

/** One run of a query. */
export interface QueryExecution {
  readonly id: string;
  readonly query: Query;
  readonly database?: string;
  readonly workgroup: Workgroup;
  readonly caller: Caller;
  /** Where its results are put: `s3://…/<id>.csv`. */
  readonly output: string;
  readonly token?: string;
  state: QueryState;
  reason?: string;
  /** Milliseconds since the epoch. */
  readonly submitted: number;
  started?: number;
  completed?: number;
  scanned: number;
  result?: QueryResult;
}

/** Runs a query: a process on the clock. */
export async function execute(execution: QueryExecution): Promise<void> {
  const { caller } = execution;
  const { clock } = caller.kernel;
  await clock.sleep(LATENCY.queryQueued);
  if (execution.state !== "QUEUED") return;
  execution.state = "RUNNING";
  execution.started = clock.now;
  const { configuration } = execution.workgroup;
  const scan = new Scan(caller, configuration.cutoff);
  try {
    const result = await answer(execution, scan);
    await clock.sleep(LATENCY.queryRuns + scan.files * LATENCY.queryFile);
    if (isOver(execution)) return;
    await writeResults(execution, result);
    execution.result = result;
    end(execution, "SUCCEEDED");
  } catch (error) {
    endWith(execution, error);
  } finally {
    execution.scanned = scan.bytes;
  }
}

/** Whether it was stopped meanwhile. */
const isOver = ({ state }: QueryExecution): boolean => state !== "RUNNING";

/** Ends a query; a failure is reported in the timeline. */
export function end(execution: QueryExecution, state: QueryState, reason?: string): void {
  const { caller, id, workgroup } = execution;
  const { kernel, account, region } = caller;
  execution.state = state;
  execution.completed = kernel.clock.now;
  if (reason === undefined) return;
  execution.reason = reason;
  const text = `query ${id} in ${workgroup.name} ${state === "FAILED" ? "failed" : "was cancelled"}: ${reason}`;
  kernel.report({ account, region, source: "Athena", text, kind: "failure" });
}

function endWith(execution: QueryExecution, error: unknown): void {
  const { kernel } = execution.caller;
  if (error instanceof QueryCancelled) end(execution, "CANCELLED", error.message);
  else if (error instanceof QueryFailed) end(execution, "FAILED", error.message);
  else if (error instanceof NotRehearsed) {
    kernel.reportNotRehearsed(error.subject);
    end(execution, "FAILED", error.message);
  } else if (error instanceof AwsError) end(execution, "FAILED", messageOf(error));
  else throw error;
}

async function answer(execution: QueryExecution, scan: Scan): Promise<QueryResult> {
  const { query, caller, database } = execution;
  const hasPath = readsPath(query);
  const tables = [];
  const uses = [];
  for (const [index, use] of query.uses.entries()) {
    const table = await tableOf(use, caller, database);
    const loaded = `t${index}`;
    tables.push(await load(loaded, table, use, query, scan, hasPath));
    uses.push({ use, loaded, hasPath });
  }
  return runQuery(query, translate(query, uses), tables);
}

/**
 * Writes the results as a CSV file, and a file that describes its columns, with the permissions of whoever started the
 * query.
 */
async function writeResults(execution: QueryExecution, result: QueryResult): Promise<void> {
  const { output, workgroup, caller } = execution;
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(output) ?? [];
  const { option, kmsKey } = workgroup.configuration.encryption ?? {};
  const encryption =
    option === "SSE_KMS" && kmsKey !== undefined
      ? { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKey }
      : option === "SSE_S3"
        ? { ServerSideEncryption: "AES256" }
        : {};
  const files = { [Key]: csvOf(result), [`${Key}.metadata`]: metadataOf(result) };
  const { kernel, principal, account, region } = caller;
  try {
    for (const [key, text] of Object.entries(files)) {
      await kernel.call({
        principal,
        account,
        region,
        service: "s3",
        operation: "PutObject",
        input: { Bucket, Key: key, Body: Buffer.from(text), ...encryption },
      });
    }
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    throw new QueryFailed(
      `Access denied when writing output to url: ${output} . Please ensure you are allowed to access the S3 bucket. ` +
        "If you are encrypting query results with KMS key, please ensure you are allowed to access your KMS key",
    );
  }
}
