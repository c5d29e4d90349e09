import type { Kernel } from "../../../kernel/kernel.js";
import type { Access } from "../../../kernel/access.js";
import { isoTime } from "../../../kernel/clock.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Caller } from "../../../kernel/operation.js";
import { operation } from "../../../kernel/operation.js";
import type { AthenaService } from "./athena.js";
import type { QueryExecution } from "./execution.js";
import { end, execute } from "./execution.js";
import { PAGE, pageOf } from "./results.js";
import { QueryFailed } from "./sql/failure.js";
import type { Query } from "./sql/query.js";
import { readQuery } from "./sql/query.js";
import type { Workgroup } from "./workgroup.js";

interface StartInput {
  readonly QueryString: string;
  readonly ExecutionParameters?: readonly string[];
  readonly ClientRequestToken?: string;
  readonly QueryExecutionContext?: { readonly Database?: string; readonly Catalog?: string };
  readonly WorkGroup?: string;
  readonly ResultConfiguration?: { readonly OutputLocation?: string };
}

interface ExecutionInput {
  readonly QueryExecutionId: string;
}

interface ResultsInput extends ExecutionInput {
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

const LITERAL = /^('([^']|'')*'|[+-]?\d+(\.\d+)?|true|false|null)$/i;

/** A statement's bytes. Source: Athena user guide, "Service Quotas". */
const MAX_QUERY_LENGTH = 262_144;

/** Athena's operations on queries that run. */
export function executionOperations(athena: AthenaService, kernel: Kernel) {
  const access = (action: string, { arn }: Workgroup, { account }: Caller): Access[] => [
    { action: `athena:${action}`, resource: arn, resourceAccount: account },
  ];
  const ofExecution =
    (action: string) =>
    ({ QueryExecutionId: id }: ExecutionInput, caller: Caller) =>
      access(action, athena.execution(caller, id).workgroup, caller);

  return {
    StartQueryExecution: operation<StartInput, { QueryExecutionId: string }>({
      access: ({ WorkGroup = "primary" }, caller) => {
        const workgroup = athena.workgroup(caller, WorkGroup);
        return access("StartQueryExecution", workgroup, caller);
      },
      run: (input, caller) => start(athena, kernel, input, caller),
    }),
    GetQueryExecution: operation<ExecutionInput, object>({
      access: ofExecution("GetQueryExecution"),
      run: ({ QueryExecutionId: id }, caller) => ({
        QueryExecution: described(athena.execution(caller, id)),
      }),
    }),
    GetQueryResults: operation<ResultsInput, object>({
      access: ofExecution("GetQueryResults"),
      run: (input, caller) =>
        results(athena.execution(caller, input.QueryExecutionId), input, caller),
    }),
    StopQueryExecution: operation<ExecutionInput, object>({
      access: ofExecution("StopQueryExecution"),
      run: ({ QueryExecutionId: id }, caller) => {
        const execution = athena.execution(caller, id);
        if (["QUEUED", "RUNNING"].includes(execution.state))
          end(execution, "CANCELLED", "Query cancelled!");
        return {};
      },
    }),
  };
}

async function start(
  athena: AthenaService,
  kernel: Kernel,
  input: StartInput,
  caller: Caller,
): Promise<{ QueryExecutionId: string }> {
  const { QueryString: sql, ExecutionParameters: parameters = [] } = input;
  const token = input.ClientRequestToken;
  const executions = athena.executions.in(caller.account, caller.region);
  const same = [...executions.values()].find(
    (execution) => token !== undefined && execution.token === token,
  );
  if (same !== undefined) {
    if (same.query.sql === sql) return { QueryExecutionId: same.id };
    throw invalid("Idempotent parameters do not match");
  }
  checkStart(input, parameters);
  const workgroup = athena.workgroup(caller, input.WorkGroup ?? "primary");
  if (!workgroup.enabled) throw invalid(`WorkGroup ${workgroup.name} is disabled.`);
  const { enforced, outputLocation } = workgroup.configuration;
  const own = enforced ? undefined : input.ResultConfiguration?.OutputLocation;
  const location = own ?? outputLocation;
  if (location === undefined) {
    throw invalid(
      "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
    );
  }
  const { query, failure } = await readOrFail(sql, parameters);
  const id = kernel.ids.uuid("query execution");
  const execution: QueryExecution = {
    id,
    query,
    workgroup,
    caller,
    output: `${location.replace(/\/*$/, "/")}${id}.csv`,
    state: "QUEUED",
    submitted: kernel.clock.now,
    scanned: 0,
    ...(input.QueryExecutionContext?.Database !== undefined && {
      database: input.QueryExecutionContext.Database,
    }),
    ...(token !== undefined && { token }),
  };
  executions.set(id, execution);
  if (failure === undefined) kernel.clock.spawn(() => execute(execution));
  else end(execution, "FAILED", failure);
  return { QueryExecutionId: id };
}

/** The query as it is read; a wrong number of parameters is no bad request, but a query that fails. */
async function readOrFail(
  sql: string,
  parameters: readonly string[],
): Promise<{ query: Query; failure?: string }> {
  try {
    return { query: await readQuery(sql, parameters) };
  } catch (error) {
    if (!(error instanceof QueryFailed)) throw error;
    const nothing = {
      kind: "Program",
      text: "",
      start: 0,
      end: 0,
      line: 1,
      column: 1,
      children: [],
    };
    return { query: { sql, parameters, tree: nothing, uses: [] }, failure: error.message };
  }
}

function checkStart(input: StartInput, parameters: readonly string[]): void {
  const { QueryString: sql, ClientRequestToken: token } = input;
  if (sql.trim() === "") throw invalid("Query string is empty");
  if (Buffer.byteLength(sql) > MAX_QUERY_LENGTH)
    throw invalid(`Your query has exceeded the maximum query length of ${MAX_QUERY_LENGTH} bytes`);
  if (token !== undefined && (token.length < 32 || token.length > 128))
    throw invalid("ClientRequestToken must have 32 to 128 characters");
  const { Catalog: catalog = "AwsDataCatalog" } = input.QueryExecutionContext ?? {};
  if (catalog.toLowerCase() !== "awsdatacatalog")
    throw invalid(`Catalog ${catalog} does not exist`);
  for (const parameter of parameters) {
    // A text needs its quotes: each parameter is an expression of SQL.
    if (!LITERAL.test(parameter.trim())) throw invalid(`line 1:1: mismatched input '${parameter}'`);
  }
}

async function results(
  execution: QueryExecution,
  input: ResultsInput,
  { kernel, principal, account, region }: Caller,
): Promise<object> {
  const { state, result, output } = execution;
  if (state === "QUEUED" || state === "RUNNING")
    throw invalid(`Query has not yet finished. Current state: ${state}`);
  if (result === undefined)
    throw invalid(`Query did not finish successfully. Final query state: ${state}`);
  const { MaxResults = PAGE, NextToken } = input;
  if (MaxResults < 1 || MaxResults > PAGE)
    throw invalid(`MaxResults must be between 1 and ${PAGE}, got ${MaxResults}`);
  // Source: Athena API reference, GetQueryResults: who reads results needs s3:GetObject for their location.
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(output) ?? [];
  const read = { service: "s3", operation: "GetObject", input: { Bucket, Key } };
  await kernel.call({ principal, account, region, ...read });
  const at = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, "base64url").toString());
  if (!Number.isInteger(at)) throw invalid("Invalid NextToken");
  return pageOf(result, at, MaxResults);
}

function described(execution: QueryExecution): object {
  const { query, workgroup, database, submitted, started, completed } = execution;
  const { encryption, engine } = workgroup.configuration;
  const time = (completed ?? execution.caller.kernel.clock.now) - submitted;
  return {
    QueryExecutionId: execution.id,
    Query: query.sql,
    StatementType: "DML",
    SubstatementType: "SELECT",
    ResultConfiguration: {
      OutputLocation: execution.output,
      ...(encryption !== undefined && {
        EncryptionConfiguration: {
          EncryptionOption: encryption.option,
          ...(encryption.kmsKey !== undefined && { KmsKey: encryption.kmsKey }),
        },
      }),
    },
    QueryExecutionContext: {
      ...(database !== undefined && { Database: database }),
      Catalog: "awsdatacatalog",
    },
    Status: {
      State: execution.state,
      ...(execution.reason !== undefined && { StateChangeReason: execution.reason }),
      SubmissionDateTime: isoTime(submitted),
      ...(completed !== undefined && { CompletionDateTime: isoTime(completed) }),
    },
    Statistics: {
      EngineExecutionTimeInMillis:
        started === undefined ? 0 : (completed ?? submitted + time) - started,
      DataScannedInBytes: execution.scanned,
      TotalExecutionTimeInMillis: time,
      QueryQueueTimeInMillis: (started ?? submitted + time) - submitted,
    },
    WorkGroup: workgroup.name,
    EngineVersion: { SelectedEngineVersion: engine, EffectiveEngineVersion: engine },
    ...(query.parameters.length > 0 && { ExecutionParameters: query.parameters }),
  };
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidRequestException", message);
}
