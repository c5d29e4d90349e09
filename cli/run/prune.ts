import {
  DeleteDocumentCommand,
  ModifyDocumentPermissionCommand,
  paginateListDocuments,
} from "@aws-sdk/client-ssm";
import { adHocDocumentPrefix } from "../../components/names.js";
import type { Session } from "../session.js";
import { UserError } from "../../lib/user-error.js";
import { EXIT } from "../session.js";
import { table } from "../table.js";
import type { Identity } from "./aws.js";
import { wordsOf } from "./aws.js";
import type { StackOptions } from "./log-stack.js";
import { count } from "./plan-text.js";
import { asJson } from "./run.js";
import { MAX_IDS_PER_SHARE_CALL, sharedWith } from "./shares.js";
import { chunks } from "../../lib/lists.js";
import { runContextOf } from "./status.js";

export interface PruneOptions extends StackOptions {
  readonly olderThan: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

interface Old {
  readonly region: string;
  readonly document: string;
  readonly created: string;
}

const DAY = 86_400_000;

/** `fleet run prune`: deletes documents that runs have made of scripts; a Region has room for 500 documents. */
export async function prune(options: PruneOptions, session: Session): Promise<void> {
  const days = Number(options.olderThan);
  if (!Number.isInteger(days) || days < 0) {
    throw new UserError(
      `--older-than: expected a number of days from 0, got "${options.olderThan}"`,
    );
  }
  const { log, operator } = await runContextOf(options, session);
  const before = Date.now() - days * DAY;
  const lists = await Promise.all(
    log.regions.map((region) => oldIn(region, log.prefix, before, operator)),
  );
  const old = lists.flat();
  if (old.length > 0) await checkConsent(old, options, session);
  const problems: string[] = [];
  for (const document of old) {
    await remove(document, operator).catch((error: unknown) => {
      problems.push(`${document.region} ${document.document}: ${wordsOf(error)}`);
    });
  }
  if (options.json === true) session.print(asJson({ pruned: old, problems }));
  else if (old.length === 0) session.print("there is nothing to prune\n");
  else {
    const rows = old.map(({ region, document, created: created }) => [region, document, created]);
    session.print(table(["REGION", "DOCUMENT", "CREATED"], rows, session.isTerminal));
  }
  if (problems.length > 0) throw new UserError(problems.join("\n"), EXIT.someFailed);
}

async function oldIn(
  region: string,
  prefix: string,
  before: number,
  operator: Identity,
): Promise<Old[]> {
  const begins = adHocDocumentPrefix(prefix);
  const found: Old[] = [];
  const Filters = [
    { Key: "Owner", Values: ["Self"] },
    { Key: "DocumentType", Values: ["Command"] },
  ];
  const pages = paginateListDocuments({ client: operator.ssm(region), pageSize: 50 }, { Filters });
  for await (const { DocumentIdentifiers = [] } of pages) {
    for (const { Name: document = "", CreatedDate } of DocumentIdentifiers) {
      const isOurs =
        document.startsWith(begins) && /^[0-9a-f]{12}$/.test(document.slice(begins.length));
      const time = CreatedDate?.getTime() ?? Infinity;
      if (isOurs && time <= before) {
        found.push({ region, document, created: CreatedDate?.toISOString() ?? "" });
      }
    }
  }
  return found;
}

async function checkConsent(
  old: readonly Old[],
  { yes }: PruneOptions,
  session: Session,
): Promise<void> {
  if (yes === true) return;
  const what = `${count(old.length, "document", "documents")} of scripts will be deleted`;
  if (session.ask === undefined) {
    throw new UserError(`${what}: nobody is there to ask; --yes deletes them`);
  }
  const answer = await session.ask(`${what}. Go on? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError("nothing was deleted");
}

/** A document that is shared cannot be deleted. Source: User Guide, "Sharing SSM documents". */
async function remove({ region, document: Name }: Old, operator: Identity): Promise<void> {
  const shared = [...(await sharedWith(operator, region, Name))];
  for (const AccountIdsToRemove of chunks(shared, MAX_IDS_PER_SHARE_CALL)) {
    const command = { Name, PermissionType: "Share" as const, AccountIdsToRemove };
    await operator.ssm(region).send(new ModifyDocumentPermissionCommand(command));
  }
  await operator.ssm(region).send(new DeleteDocumentCommand({ Name }));
}
