import type { AutomationExecution } from "@aws-sdk/client-ssm";
import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { checkConsent } from "./consent.js";
import { findRun, newestRuns, parameterOf } from "./find.js";
import type { LogStack, StackOptions } from "./log-stack.js";
import type { LocationOutcome } from "./outcome.js";
import { isWell } from "./outcome.js";
import { count } from "./plan-text.js";
import { resultOf } from "./records.js";
import type { Limits, Target } from "./request.js";
import { asJson, finish, leave } from "./run.js";
import { retryId } from "./run-id.js";
import type { Start } from "./split.js";
import { split } from "./split.js";
import { chunks } from "../../lib/lists.js";
import { startAll } from "./start.js";
import { runContextOf, outcomeNow } from "./status.js";

export interface RetryOptions extends StackOptions {
  readonly failed?: boolean;
  readonly detach?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Source: API reference, Target: values of one key. */
const MAX_IDS_PER_RUN = 50;
/** Runs among which a retry looks for others of the same run. */
const LOOKED_AT = 50;

type RetryStart = Start & { readonly target: Omit<Target, "text"> };

/**
 * `fleet run retry --failed`: the same once more, only on hosts that failed or did not answer. Where an account has
 * recorded
 * nothing, on all that the run was for.
 */
export async function retry(run: string, options: RetryOptions, session: Session): Promise<void> {
  if (options.failed !== true) {
    throw new UserError(
      "expected --failed: only hosts that failed or did not answer are tried again",
    );
  }
  const context = await runContextOf(options, session);
  const { log, operator, limiter } = context;
  const found = await findRun(run, log, operator, limiter);
  const outcome = await outcomeNow(found, context);
  if (!outcome.isOver) {
    throw new UserError(
      `run ${run} goes on; stop it first, or wait: npx fleet run status ${run} --wait`,
    );
  }
  const bad = outcome.locations.filter((location) => !isWell(location));
  const [first] = found.automations;
  if (bad.length === 0 || first === undefined) {
    session.print(
      options.json === true
        ? asJson({ run, retried: null })
        : `Run ${run}: all its hosts are well.\n`,
    );
    return;
  }
  await checkConsent(bad.map(toTouch), options, session);
  const others = await newestRuns(LOOKED_AT, log, operator, limiter);
  const next = retryId(
    run,
    others.map((other) => other.run),
  );
  const startRequest = startRequestOf(first, next);
  const ids = await startAll(startRequest, startsOf(bad, first, log), log, operator, limiter);
  const json = options.json === true;
  if (options.detach === true) {
    session.print(json ? asJson({ run: next, automations: ids }) : leave(next));
    return;
  }
  session.printError(`Run ${next}: ${count(ids.length, "automation", "automations")} started\n`);
  await finish({ run: next, ids, json }, log, operator, limiter, session);
}

/** Hosts of a location that are tried again; a location without records counts as several. */
function toTouch({ account, hosts }: LocationOutcome) {
  const ids = badIds(hosts);
  return { account, hosts: ids.length > 0 ? ids : ["?", "?"] };
}

const badIds = (hosts: LocationOutcome["hosts"]): string[] => [
  ...new Set(
    hosts
      .filter((host) => !["ok", "no script"].includes(resultOf(host)))
      .map(({ instanceId }) => instanceId),
  ),
];

/** Ids are those of one account and Region: each has separate automations, with 50 ids at most. */
function startsOf(
  bad: readonly LocationOutcome[],
  first: AutomationExecution,
  log: LogStack,
): RetryStart[] {
  const bucketOf = (region: string) => log.buckets[region] ?? log.buckets[log.home] ?? "";
  const named = bad.flatMap(({ account, region, hosts }) =>
    chunks(badIds(hosts), MAX_IDS_PER_RUN).map((values) => ({
      bucket: bucketOf(region),
      entries: [{ region, accounts: [account] }],
      target: { key: "InstanceIds", values },
    })),
  );
  const unknown = bad.filter(({ hosts }) => badIds(hosts).length === 0);
  const key = parameterOf(first, "TargetKey");
  const whole = { key, values: first.Parameters?.["TargetValues"] ?? [] };
  return [...named, ...split(unknown, bucketOf).map((start) => ({ ...start, target: whole }))];
}

function startRequestOf(first: AutomationExecution, run: string) {
  const [{ TargetLocationMaxConcurrency, TargetLocationMaxErrors } = {}] =
    first.TargetLocations ?? [];
  const limits: Limits = {
    maxConcurrency: parameterOf(first, "MaxConcurrency"),
    maxErrors: parameterOf(first, "MaxErrors"),
    locationConcurrency: TargetLocationMaxConcurrency ?? "1",
    locationErrors: TargetLocationMaxErrors ?? "0",
    deliveryTimeout: Number(parameterOf(first, "DeliveryTimeoutSeconds")),
  };
  return {
    run,
    document: parameterOf(first, "Document"),
    owner: parameterOf(first, "DocumentOwner"),
    parameters: parameterOf(first, "Parameters") || "{}",
    limits,
  };
}
