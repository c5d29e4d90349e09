import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { requestSource, requestType } from "../../components/bootstrap/bootstrap-tags.js";
import type { Clients } from "./clients.js";
import type { HostNow } from "./hosts.js";
import { hostsNow } from "./hosts.js";
import type { FailedBootstrap } from "./failed-bootstraps.js";
import { BATCH, deleteAll } from "./queue.js";
import { chunks, groupBy } from "../../lib/lists.js";

/** A host, or an event that names no host, with its messages. */
export interface Subject {
  readonly region: string;
  readonly instanceId?: string;
  readonly failures: readonly FailedBootstrap[];
}

export interface Outcome {
  readonly region: string;
  readonly instanceId?: string;
  readonly messages: number;
  /** Nothing is left to be done about its messages. */
  readonly done: boolean;
  readonly result: string;
}

/**
 * Requests the bootstraps of one Region's hosts and deletes their messages; what was deleted is added to `deleted`.
 * Those that are gone cannot be bootstrapped: their messages are deleted only where that is wanted.
 */
export async function sendAgain(
  clients: Clients,
  subjects: readonly Subject[],
  dropGone: boolean,
  deleted: Set<FailedBootstrap>,
): Promise<Outcome[]> {
  const ids = subjects.flatMap(({ instanceId }) => instanceId ?? []);
  const now = await hostsNow(clients.ec2, ids);
  const isThere = (subject: Subject) => hostOf(subject, now)?.gone === false;
  const results = await request(clients, subjects.filter(isThere));
  const ready = subjects.filter((subject) =>
    isThere(subject) ? results.get(subject) === undefined : dropGone,
  );
  const left = await deleteMessages(clients, ready, deleted);
  return subjects.map((subject) => {
    const { region, instanceId, failures } = subject;
    const problem = results.get(subject);
    const stays = failures.flatMap((failure) => left.get(failure) ?? []).at(0);
    const words = isThere(subject)
      ? (problem ?? "asked for")
      : `${instanceId === undefined ? "about no instance" : "the instance is gone"}${dropGone ? ": dropped" : "; --drop-gone deletes its messages"}`;
    return {
      region,
      ...(instanceId !== undefined && { instanceId }),
      messages: failures.length,
      done: ready.includes(subject) && stays === undefined,
      result: stays === undefined ? words : `${words}, but a message is still there: ${stays}`,
    };
  });
}

function hostOf({ instanceId = "" }: Subject, now: ReadonlyMap<string, HostNow>) {
  return now.get(instanceId);
}

/** Puts an event for each host; gives why for those that EventBridge did not accept. */
async function request(
  { events }: Clients,
  subjects: readonly Subject[],
): Promise<Map<Subject, string>> {
  const problems = new Map<Subject, string>();
  for (const batch of chunks(subjects, BATCH)) {
    const Entries = batch.map(({ instanceId }) => ({
      Source: requestSource,
      DetailType: requestType,
      Detail: JSON.stringify({ "instance-id": instanceId, reason: "redrive" }),
    }));
    try {
      const { Entries: answers = [] } = await events.send(new PutEventsCommand({ Entries }));
      for (const [index, subject] of batch.entries()) {
        const { EventId, ErrorCode, ErrorMessage } = answers[index] ?? {};
        if (EventId === undefined) {
          problems.set(subject, `${ErrorCode ?? "no answer"}: ${ErrorMessage ?? ""}`);
        }
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      for (const subject of batch) problems.set(subject, `${error.name}: ${error.message}`);
    }
  }
  return problems;
}

async function deleteMessages(
  { sqs }: Clients,
  subjects: readonly Subject[],
  deleted: Set<FailedBootstrap>,
): Promise<Map<FailedBootstrap, string>> {
  const failures = subjects.flatMap((subject) => subject.failures);
  const undeleted = new Map<FailedBootstrap, string>();
  for (const [url, own] of groupBy(failures, ({ queue }) => queue.url)) {
    const stayed = await deleteAll(sqs, url, own).catch((error: Error) => {
      // The requested bootstraps are reported, whatever fails after them.
      return new Map(own.map((failure) => [failure, `${error.name}: ${error.message}`]));
    });
    for (const [failure, why] of stayed) undeleted.set(failure, why);
    for (const failure of own) if (!stayed.has(failure)) deleted.add(failure);
  }
  return undeleted;
}
