import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isRecord } from "../../lib/record.js";
import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { stackOutputs } from "../stack-outputs.js";

/** The member whose queues a command reads. */
export interface MemberOptions {
  readonly stack: string;
  /** A file with what `pulumi stack output --json` prints. */
  readonly outputs?: string;
  readonly region?: string;
}

/** `dead-letters`: the start of a bootstrap failed. `failures`: a bootstrap that started failed. */
export type QueueName = "dead-letters" | "failures";

export interface Queue {
  readonly name: QueueName;
  readonly region: string;
  readonly url: string;
}

const OUTPUTS: Readonly<Record<QueueName, string>> = {
  "dead-letters": "deadLetterQueueUrls",
  failures: "failureQueueUrls",
};

/** The queues of a member's Regions. @throws UserError where the stack has none, or not in that Region */
export async function memberQueues(session: Session, options: MemberOptions): Promise<Queue[]> {
  const { stack, outputs: file, region } = options;
  const outputs =
    file === undefined
      ? await stackOutputs(session, stack, "name a file with them by --outputs")
      : readOutputs(session, file);
  const where = file === undefined ? `stack ${stack}` : file;
  const queues = Object.entries(OUTPUTS).flatMap(([name, output]) =>
    urlsOf(outputs[output]).map(([at, url]) => ({ name: name as QueueName, region: at, url })),
  );
  if (queues.length === 0) {
    const wanted = Object.values(OUTPUTS).join(" and ");
    const names = Object.keys(outputs).join(", ") || "none";
    throw new UserError(
      `${where}: expected the outputs ${wanted} of a member stack, got ${names}; --stack names a member, which must be deployed`,
    );
  }
  const chosen = queues.filter((queue) => region === undefined || queue.region === region);
  if (chosen.length > 0) return chosen;
  const known = [...new Set(queues.map((queue) => queue.region))].join(", ");
  throw new UserError(`--region ${region ?? ""}: expected a Region of ${where}: ${known}`);
}

function urlsOf(value: unknown): [region: string, url: string][] {
  return Object.entries(isRecord(value) ? value : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
}

function readOutputs({ folder }: Session, name: string): Readonly<Record<string, unknown>> {
  const file = resolve(folder, name);
  try {
    const outputs: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isRecord(outputs) ? outputs : {};
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `--outputs ${file}: expected what pulumi stack output --json prints; it cannot be read: ${why}`,
    );
  }
}
