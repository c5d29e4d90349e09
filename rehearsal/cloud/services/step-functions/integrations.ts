import {
  AccessDenied,
  AwsError,
  messageOf,
  NotRehearsed,
  Throttled,
} from "../../../kernel/errors.js";
import { LATENCY } from "../../../kernel/latency.js";
import type { Execution } from "./execution.js";
import { StateFailed } from "./failure.js";
import { own } from "../../../own.js";

interface QueryEnd {
  readonly QueryExecution: { readonly Status: { readonly State: string } };
}

/** The optimised integrations with their names in errors, and the service's name at the door. */
const OPTIMISED: Readonly<Record<string, { readonly service: string; readonly name: string }>> = {
  athena: { service: "athena", name: "Athena" },
  sns: { service: "sns", name: "SNS" },
};

/** What a task is: `arn:aws:states:::athena:startQueryExecution.sync`, `arn:aws:states:::aws-sdk:sns:publish`. */
const RESOURCE = /^arn:[^:]+:states:::(aws-sdk:)?([a-z0-9]+):([a-zA-Z0-9]+)(\.[A-Za-z]+)?$/;

/** How many bytes a state may take or give. Source: Step Functions developer guide, "Service quotas". */
const MAX_DATA_LENGTH = 262_144;

/** Calls the service that a task names, as the state machine's role. @throws StateFailed; NotRehearsed */
export async function runTask(
  execution: Execution,
  resource: string,
  input: unknown,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<unknown> {
  const [, sdk, service = "", operation = "", pattern] = RESOURCE.exec(resource) ?? [];
  const optimised = own(OPTIMISED, service);
  const isSync = pattern === ".sync" && service === "athena" && operation === "startQueryExecution";
  if (
    (sdk === undefined && optimised === undefined) ||
    (pattern !== undefined && !isSync) ||
    service === ""
  ) {
    throw new NotRehearsed(`Step Functions' task ${resource}`);
  }
  const name = operation.charAt(0).toUpperCase() + operation.slice(1);
  const call = <Output>(called: string, parameters: unknown) =>
    callAs<Output>(execution, { service, words: optimised?.name ?? service, called }, parameters);
  const result = await call(name, input);
  if (!isSync) return limited(result);
  const id = (result as { QueryExecutionId: string }).QueryExecutionId;
  for (;;) {
    const found = await call<QueryEnd>("GetQueryExecution", { QueryExecutionId: id });
    const { State } = found.QueryExecution.Status;
    if (State === "SUCCEEDED") return limited(found);
    // A query that fails or is cancelled fails its task; what is known of it is the cause.
    if (State === "FAILED" || State === "CANCELLED")
      throw new StateFailed("States.TaskFailed", JSON.stringify(found));
    await sleep(LATENCY.taskPoll);
  }
}

async function callAs<Output>(
  execution: Execution,
  { service, words, called }: { service: string; words: string; called: string },
  input: unknown,
): Promise<Output> {
  const { cloud, account, region } = execution.machine;
  const { session } = execution;
  if (session === undefined) throw new Error("an execution works without its role");
  try {
    return await cloud.call<Output>({
      principal: session,
      account,
      region,
      service,
      operation: called,
      input: input as object,
    });
  } catch (error) {
    if (!(error instanceof AwsError) || error instanceof NotRehearsed) throw error;
    throw new StateFailed(`${words}.${errorName(error, service)}`, messageOf(error));
  }
}

/** Step Functions calls errors as AWS's SDK for Java does: with `Exception` at the end. */
function errorName(error: AwsError, service: string): string {
  if (error instanceof AccessDenied && service === "sns") return "AuthorizationErrorException";
  if (error instanceof Throttled && service === "athena") return "TooManyRequestsException";
  return error.code.endsWith("Exception") ? error.code : `${error.code}Exception`;
}

function limited(result: unknown): unknown {
  if (Buffer.byteLength(JSON.stringify(result ?? null)) <= MAX_DATA_LENGTH) return result;
  throw new StateFailed(
    "States.DataLimitExceeded",
    "The state/task returned a result with a size exceeding the maximum number of bytes service limit.",
  );
}
