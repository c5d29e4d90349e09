import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { RunOutputs } from "../../lib/log-outputs.js";
import { runnerOutputs } from "../../lib/log-outputs.js";
import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { stackOutputs } from "../stack-outputs.js";

/** Where the commands read the roles, documents and buckets of runs. */
export interface StackOptions {
  readonly stack: string;
  /** A file with what `pulumi stack output --json` prints. */
  readonly outputs?: string;
  /** Serial number or ARN of a device, where the operator role asks for a second factor. */
  readonly mfa?: string;
}

/** What a log stack exports for runs, with the place it is in. */
export type LogStack = RunOutputs & {
  readonly account: string;
  readonly partition: string;
  /** The first is home: runs are started there, and their results are read there. */
  readonly regions: readonly string[];
  readonly home: string;
  readonly prefix: string;
};

/** @throws UserError where it is no log stack, or one without a runner */
export async function logStack(session: Session, options: StackOptions): Promise<LogStack> {
  const { stack, outputs: file } = options;
  const where = file === undefined ? `stack ${stack}` : file;
  const outputs =
    file === undefined ? await stackOutputs(session, stack) : readOutputs(session, file);
  if (!("runs" in outputs)) {
    const remedy =
      "set fleet:runAccounts of the log stack and deploy it; --stack names another stack";
    throw new UserError(`${where}: expected the output runs of a log stack, got none; ${remedy}`);
  }
  const { data, error } = runnerOutputs.safeParse(outputs);
  if (data === undefined) {
    const wrong = error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
    throw new UserError(
      [`${where}: expected the outputs of this version's log stack; deploy it`, ...wrong].join(
        "\n",
      ),
    );
  }
  const { runs, ...place } = data;
  return { ...runs, ...place, home: place.regions[0] ?? "" };
}

function readOutputs({ folder }: Session, name: string): object {
  const file = resolve(folder, name);
  try {
    const outputs: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof outputs === "object" && outputs !== null ? outputs : {};
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `--outputs ${file}: expected what pulumi stack output --json prints; it cannot be read: ${why}`,
    );
  }
}
