import {
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { randomUUID } from "node:crypto";
import type { Identity } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { RateLimiter } from "./rate-limiter.js";

/** What a query gave. */
export interface Rows {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly scannedBytes: number;
}

/** A query that Athena did not answer, with its reason: the workgroup's limit, a mistake in SQL. */
export class QueryFailed extends Error {
  override readonly name = "QueryFailed";
}

/** Milliseconds between two queries for its state. */
const PAUSE = 1000;

/** A query, with the values of its question marks. */
export interface Asked {
  readonly sql: string;
  readonly values?: readonly string[];
}

/** Runs a query in the stack's workgroup and reads all its rows. @throws QueryFailed, or what AWS refuses */
export async function query(
  { sql, values = [] }: Asked,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<Rows> {
  const client = operator.athena(log.home);
  const { QueryExecutionId = "" } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      // They are SQL literals, so texts have quotes.
      ...(values.length > 0 && {
        ExecutionParameters: values.map((value) => `'${value.replaceAll("'", "''")}'`),
      }),
      ClientRequestToken: randomUUID(),
      QueryExecutionContext: { Database: log.database },
      WorkGroup: log.workgroup,
    }),
  );
  const scannedBytes = await ended(QueryExecutionId, log, operator, limiter);
  let heads: readonly string[] | undefined;
  const rows: (readonly string[])[] = [];
  for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId })) {
    const read = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
      Data.map(({ VarCharValue = "" }) => VarCharValue),
    );
    // The first row of the first page are the names of the columns.
    if (heads === undefined) heads = read.shift() ?? [];
    rows.push(...read);
  }
  return { heads: heads ?? [], rows, scannedBytes };
}

async function ended(
  QueryExecutionId: string,
  log: LogStack,
  operator: Identity,
  limiter: RateLimiter,
): Promise<number> {
  for (;;) {
    const { QueryExecution } = await operator
      .athena(log.home)
      .send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State = "QUEUED", StateChangeReason = "" } = QueryExecution?.Status ?? {};
    if (State === "SUCCEEDED") return QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
    if (State === "FAILED" || State === "CANCELLED") {
      throw new QueryFailed(`${State.toLowerCase()}: ${StateChangeReason || "no reason is given"}`);
    }
    await limiter.sleep(PAUSE);
  }
}
