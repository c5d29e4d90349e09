import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { EXIT } from "../session.js";
import { table } from "../table.js";
import type { Clients } from "./clients.js";
import { clientsFor } from "./clients.js";
import type { HostNow } from "./hosts.js";
import { hostsNow, inWords } from "./hosts.js";
import type { FailedBootstrap } from "./failed-bootstraps.js";
import { readFailedBootstraps } from "./failed-bootstraps.js";
import type { MemberOptions, Queue } from "./member.js";
import { memberQueues } from "./member.js";
import { release } from "./queue.js";
import { groupBy } from "../../lib/lists.js";

export interface FailuresOptions extends MemberOptions {
  readonly json?: boolean;
}

/** Seconds for which nobody else gets the messages while they are read. */
const HOLD = 120;
const MAX_CAUSE_LENGTH = 400;

/** Lists what is in a member's queues, and leaves it there. */
export async function failures(options: FailuresOptions, session: Session): Promise<void> {
  const queues = await memberQueues(session, options);
  const read = await Promise.all(queues.map((queue) => peek(session, queue)));
  const failures = read.flat();
  if (options.json === true) {
    const data = failures.map(({ failure, now }) => asData(failure, now));
    session.print(`${JSON.stringify({ failures: data }, undefined, 2)}\n`);
  } else if (failures.length === 0) {
    session.print("no bootstrap has failed: the queues are empty\n");
  } else {
    session.print(listed(failures, session.isTerminal));
  }
  if (failures.length > 0) {
    const hosts = new Set(failures.flatMap(({ failure }) => failure.instanceId ?? [])).size;
    const text = `${failures.length} ${failures.length === 1 ? "message" : "messages"} about ${hosts} ${hosts === 1 ? "host" : "hosts"}; fleet bootstrap redrive sends them again`;
    throw new UserError(text, EXIT.someFailed);
  }
}

interface Seen {
  readonly failure: FailedBootstrap;
  readonly now?: HostNow;
}

async function peek(session: Session, queue: Queue): Promise<Seen[]> {
  const clients = clientsFor(session, queue.region);
  const failures = await readFailedBootstraps(clients, queue, HOLD);
  try {
    return await withHosts(clients, failures);
  } finally {
    await release(clients.sqs, queue.url, failures);
  }
}

async function withHosts({ ec2 }: Clients, failures: readonly FailedBootstrap[]): Promise<Seen[]> {
  const now = await hostsNow(
    ec2,
    failures.flatMap(({ instanceId }) => instanceId ?? []),
  );
  return failures.map((failure) => {
    const host = now.get(failure.instanceId ?? "");
    return { failure, ...(host !== undefined && { now: host }) };
  });
}

/** A line for each host and queue, and below it the newest cause; the newest at the end, next to the prompt. */
function listed(failures: readonly Seen[], isTerminal: boolean): string {
  const hosts = groupBy(failures, ({ failure: { queue, instanceId, messageId } }) =>
    [queue.region, queue.name, instanceId ?? messageId].join(" "),
  );
  const newest = [...hosts.values()]
    .flatMap((same) => same.slice(-1).map((last) => ({ ...last, times: same.length })))
    .sort((a, b) => (a.failure.time < b.failure.time ? -1 : 1));
  const rows = newest.map(({ failure: { instanceId, queue, time }, now, times }) => [
    time,
    queue.region,
    instanceId ?? "–",
    String(times),
    queue.name === "dead-letters" ? "start" : "run",
    now === undefined ? "–" : inWords(now, time),
  ]);
  const heads = ["LAST", "REGION", "INSTANCE", "TIMES", "FAILED", "NOW"];
  const [head = "", ...lines] = table(heads, rows, isTerminal).trimEnd().split("\n");
  const causes = newest.map(({ failure: { code, cause, step } }) =>
    indented(`${[code, step].filter((word) => word !== undefined).join(", ")}: ${cause}`),
  );
  return [head, ...lines.flatMap((line, index) => [line, ...(causes[index] ?? [])]), ""].join("\n");
}

/** A text in lines of at most 100 columns; a longer word, such as an ARN, is broken. */
function indented(text: string): string[] {
  const short = text.length > MAX_CAUSE_LENGTH ? `${text.slice(0, MAX_CAUSE_LENGTH)} …` : text;
  return (short.match(/\S.{0,94}(?!\S)|\S{1,96}/g) ?? []).map((line) => `    ${line.trimEnd()}`);
}

function asData(
  { queue, receiptHandle: _, ...failure }: FailedBootstrap,
  now: HostNow | undefined,
) {
  return { queue: queue.name, region: queue.region, ...failure, ...(now !== undefined && { now }) };
}
