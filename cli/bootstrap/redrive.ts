import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { EXIT } from "../session.js";
import { table } from "../table.js";
import { clientsFor } from "./clients.js";
import type { FailedBootstrap } from "./failed-bootstraps.js";
import { readFailedBootstraps } from "./failed-bootstraps.js";
import type { MemberOptions, Queue, QueueName } from "./member.js";
import { memberQueues } from "./member.js";
import { release } from "./queue.js";
import type { Outcome, Subject } from "./send-again.js";
import { sendAgain } from "./send-again.js";
import { groupBy } from "../../lib/lists.js";

export interface RedriveOptions extends MemberOptions {
  readonly instance?: readonly string[];
  readonly queue?: QueueName;
  readonly yes?: boolean;
  readonly dropGone?: boolean;
  readonly json?: boolean;
}

/** Seconds for which the messages are ours: long enough for a person to answer. */
const HOLD = 600;

/**
 * Requests the bootstrap of the hosts that have messages in a member's queues, and deletes a host's messages once
 * EventBridge has accepted its event.
 */
export async function redrive(options: RedriveOptions, session: Session): Promise<void> {
  const queues = (await memberQueues(session, options)).filter(
    ({ name }) => options.queue === undefined || name === options.queue,
  );
  const failures = (await Promise.all(queues.map((queue) => take(session, queue)))).flat();
  const chosen = failures.filter(
    ({ instanceId = "" }) =>
      options.instance === undefined || options.instance.includes(instanceId),
  );
  const deleted = new Set<FailedBootstrap>();
  try {
    const subjects = subjectsOf(chosen);
    await checkConsent(subjects, options, session);
    const outcomes = await Promise.all(
      [...groupBy(subjects, ({ region }) => region)].map(([region, own]) =>
        sendAgain(clientsFor(session, region), own, options.dropGone === true, deleted),
      ),
    );
    report([...outcomes.flat(), ...withoutMessage(options, subjects)], options, session);
  } finally {
    await Promise.all(
      queues.map((queue) => {
        const remaining = failures.filter(
          (failure) => failure.queue === queue && !deleted.has(failure),
        );
        return release(clientsFor(session, queue.region).sqs, queue.url, remaining);
      }),
    );
  }
}

function take(session: Session, queue: Queue): Promise<FailedBootstrap[]> {
  return readFailedBootstraps(clientsFor(session, queue.region), queue, HOLD);
}

/** A host is asked for once, however many messages there are about it. */
function subjectsOf(failures: readonly FailedBootstrap[]): Subject[] {
  const groups = groupBy(failures, ({ queue, instanceId, messageId }) =>
    [queue.region, instanceId ?? messageId].join(" "),
  );
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { instanceId, queue } = first;
    const host = instanceId === undefined ? {} : { instanceId };
    return [{ region: queue.region, ...host, failures: same }];
  });
}

/** A person confirms before more than one host is touched. */
async function checkConsent(
  subjects: readonly Subject[],
  { yes }: RedriveOptions,
  session: Session,
): Promise<void> {
  if (subjects.length <= 1 || yes === true) return;
  const what = `${subjects.length} hosts are bootstrapped again`;
  if (session.ask === undefined) {
    throw new UserError(`${what}: nobody is there to ask; --yes does it, --instance names one`);
  }
  const answer = await session.ask(`${what}. Go on? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("nothing was sent");
}

/** Instances that were named and have no message. */
function withoutMessage(options: RedriveOptions, subjects: readonly Subject[]): Outcome[] {
  const found = new Set(subjects.map(({ instanceId }) => instanceId));
  return (options.instance ?? [])
    .filter((instanceId) => !found.has(instanceId))
    .map((instanceId) => ({
      region: options.region ?? "",
      instanceId,
      messages: 0,
      done: false,
      result: "has no message in the queues",
    }));
}

function report(outcomes: readonly Outcome[], { json }: RedriveOptions, session: Session): void {
  if (json === true) {
    session.print(`${JSON.stringify({ redriven: outcomes }, undefined, 2)}\n`);
  } else if (outcomes.length === 0) {
    session.print("there is nothing to send again: the queues are empty\n");
  } else {
    const rows = outcomes.map(({ region, instanceId, messages, result }) => [
      region || "–",
      instanceId ?? "–",
      String(messages),
      result,
    ]);
    session.print(table(["REGION", "INSTANCE", "MESSAGES", "RESULT"], rows, session.isTerminal));
  }
  const unfinished = outcomes.filter(({ done }) => !done).length;
  if (unfinished === 0) return;
  const text = `${unfinished} of ${outcomes.length} were not bootstrapped again; their messages are still there`;
  throw new UserError(text, EXIT.someFailed);
}
