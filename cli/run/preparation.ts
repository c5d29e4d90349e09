import type { Identity } from "./aws.js";
import { wordsOf } from "./aws.js";
import { describe } from "./document-choice.js";
import type { LogStack } from "./log-stack.js";
import type { Problems } from "./problems.js";
import type { Choice } from "./script-choice.js";
import { create, MAX_SHARES, share, shareCommands, sharedWith } from "./shares.js";
import type { Location } from "./split.js";
import { groupBy } from "../../lib/lists.js";

/** The steps in a Region before a run can start there. */
export interface Preparation {
  readonly region: string;
  /** The document is not there yet. */
  readonly isNew: boolean;
  /** Accounts that the document is not shared with yet. */
  readonly share: readonly string[];
}

/**
 * Checks whether members may read what they are to run. `prepare` creates and shares what is missing of a script's own
 * document; a missing share of the runbook or the library is a problem, with the command that shares it.
 */
export async function preparationOf(
  choice: Choice,
  locations: readonly Location[],
  log: LogStack,
  operator: Identity,
  problems: Problems,
): Promise<readonly Preparation[]> {
  const regions = [...groupBy(locations, ({ region }) => region)];
  const all = await Promise.all(
    regions.map(async ([region, own]) => {
      const accounts = own.map(({ account }) => account);
      try {
        await check(log.runbook, region, accounts, operator, problems);
        if (choice.content !== undefined)
          return await adHoc(choice.document, region, accounts, operator, problems);
        await check(choice.document, region, accounts, operator, problems);
      } catch (error) {
        problems.add(region, `the documents' shares cannot be read: ${wordsOf(error)}`);
      }
      return { region, isNew: false, share: [] };
    }),
  );
  return all.filter(({ isNew, share: missing }) => isNew || missing.length > 0);
}

async function check(
  document: string,
  region: string,
  accounts: readonly string[],
  operator: Identity,
  problems: Problems,
): Promise<void> {
  const shared = await sharedWith(operator, region, document);
  const missing = accounts.filter((id) => !shared.has(id));
  if (missing.length === 0) return;
  const some =
    missing.length > 3
      ? `${missing.slice(0, 3).join(", ")} and ${missing.length - 3} more`
      : missing.join(", ");
  const commands = shareCommands(region, document, missing).map((line) => `\n  ${line}`);
  const reason = `expected ${document} to be shared with every account of the run, got none for ${some}; deploy the log stack again, or:`;
  problems.add(region, reason + commands.join(""));
}

async function adHoc(
  document: string,
  region: string,
  accounts: readonly string[],
  operator: Identity,
  problems: Problems,
): Promise<Preparation> {
  const isNew = (await describe(document, region, operator)) === undefined;
  const shared = isNew ? new Set<string>() : await sharedWith(operator, region, document);
  const missing = accounts.filter((id) => !shared.has(id));
  const total = shared.size + missing.length;
  if (total > MAX_SHARES) {
    const remedy =
      "name fewer --accounts in one run, and add --command or a comment for another document";
    problems.add(
      region,
      `expected a document shared with at most ${MAX_SHARES} accounts, got ${total}; ${remedy}`,
    );
  }
  return { region, isNew, share: missing };
}

/** Creates and shares the document of a run where that is missing. */
export async function prepare(
  { document, content = "" }: Choice,
  preparations: readonly Preparation[],
  operator: Identity,
): Promise<void> {
  for (const { region, isNew, share: accounts } of preparations) {
    if (isNew) await create(operator, region, document, content);
    await share(operator, region, document, accounts);
  }
}
