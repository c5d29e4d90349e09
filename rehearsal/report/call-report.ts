import type { CallRecord } from "../kernel/call.js";
import type { Cloud } from "../cloud/cloud.js";
import { secondsAt } from "./figures.js";
import type { Records } from "./records.js";
import type { ScenarioReport } from "./schema.js";

type Calls = ScenarioReport["calls"];

/** What the report says of the calls of a scenario. */
export function callReport({ calls }: Cloud, records: Records): Calls {
  const count = (outcome: string) =>
    calls.reduce((sum, call) => sum + (call.outcome === outcome ? (call.times ?? 1) : 0), 0);
  return {
    allowed: count("allowed"),
    throttled: count("throttled"),
    refused: count("refused"),
    denied: calls.flatMap((call) => deniedCall(call, records)),
    byPrincipal: byPrincipal(calls),
  };
}

function deniedCall(record: CallRecord, records: Records): Calls["denied"] {
  const { time, principal, account, region, call, message = "", denial } = record;
  if (denial === undefined) return [];
  const instanceId = records.instanceOf(record);
  return [
    {
      seconds: secondsAt(time),
      principal,
      account,
      region,
      call,
      action: denial.action,
      resource: denial.resource,
      message,
      ...(denial.denied !== undefined && {
        deniedBy: `${denial.denied.sid} in ${denial.denied.place}`,
      }),
      missing: denial.missing.map(({ place, statement }) => ({
        place,
        statement: { ...statement },
      })),
      nearly: [...denial.nearly],
      ...(instanceId !== undefined && { instanceId }),
    },
  ];
}

/** Counts calls by who made them, whatever the session was called. */
function byPrincipal(calls: readonly CallRecord[]): Calls["byPrincipal"] {
  const counts = new Map<string, Calls["byPrincipal"][number]>();
  for (const { principal: session, account, call, outcome, times = 1 } of calls) {
    const principal = /:assumed-role\/([^/]+)\//.exec(session)?.[1] ?? session;
    const key = [principal, account, call, outcome].join(" ");
    const found = counts.get(key);
    if (found === undefined) counts.set(key, { principal, account, call, outcome, times });
    else found.times += times;
  }
  const keyOf = (calls: Calls["byPrincipal"][number]) =>
    `${calls.principal} ${calls.account} ${calls.call}`;
  return [...counts.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
