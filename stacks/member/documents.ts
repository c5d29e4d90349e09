// What schedules ask of documents and runbooks that no stack makes, held against what those take.
import * as aws from "@pulumi/aws";
import {
  bootstrapDocumentName,
  collectName,
  reconcileDocumentName,
  renameDocumentName,
} from "../../components/names.js";
import type { ScheduleWork } from "../../components/schedules/run-schedule.js";
import { didYouMean } from "../../lib/did-you-mean.js";
import { bootstrapDocuments } from "../../runbooks/loader/bootstrap-documents.js";
import { collectDocument } from "../../runbooks/loader/collect-document.js";
import { documentParameters, parameterProblems } from "../../scripts/loader/parameters.js";
import type { ConfigProblem, MemberConfig } from "../config.js";
import { isProblem, lookedUp } from "./looked-up.js";

/** How AWS calls what a schedule names. */
const TYPES = { document: "Command", runbook: "Automation" } as const;

interface Wanted {
  /** `fleet:schedules.night` */
  readonly key: string;
  readonly region: string;
  readonly work: ScheduleWork & { readonly what: keyof typeof TYPES };
}

interface Found {
  readonly documentType: string;
  readonly content: string;
}

/**
 * Looks every document and runbook of the schedules up in each Region, at the preview already: that it exists, that it is
 * of the right type, and what it takes.
 */
export async function documentProblems(
  config: MemberConfig,
  provider: aws.Provider,
): Promise<ConfigProblem[]> {
  const wanted = config.regions.flatMap((region) =>
    Object.entries(config.schedules).flatMap(([name, { work }]) =>
      isNamed(work) ? [{ key: `fleet:schedules.${name}`, region, work }] : [],
    ),
  );
  const own = ownDocuments(config.prefix);
  const found = await Promise.all(
    wanted.map(async (each) => {
      const document = own.get(each.work.name) ?? (await lookUp(each, [...own.keys()], provider));
      if (document === undefined) return [];
      return isProblem(document) ? [document] : problemsOf(each, document);
    }),
  );
  // What is wrong in every Region is told once.
  return [...new Map(found.flat().map((each) => [`${each.key} ${each.reason}`, each])).values()];
}

const isNamed = (work: ScheduleWork): work is Wanted["work"] => work.what !== "script";

/** Documents that this stack makes itself, which are not there before its first deployment. */
function ownDocuments(prefix: string): ReadonlyMap<string, Found> {
  const { bootstrap, reconcile, rename } = bootstrapDocuments();
  const runbook = (content: string) => ({ documentType: TYPES.runbook, content });
  return new Map<string, Found>([
    [bootstrapDocumentName(prefix), runbook(bootstrap)],
    [reconcileDocumentName(prefix), runbook(reconcile)],
    [collectName(prefix), runbook(collectDocument())],
    [renameDocumentName(prefix), { documentType: TYPES.document, content: rename }],
  ]);
}

function lookUp({ key, region, work }: Wanted, own: readonly string[], provider: aws.Provider) {
  const { name, what } = work;
  const expected = `expected a ${what} of the account or of AWS in ${region}`;
  const remedy = didYouMean(name, own) || "; create it before its schedule";
  const asked = { name, documentFormat: "JSON", region };
  return lookedUp<Found>(aws.ssm.getDocument(asked, { provider }), {
    key: `${key}.${what}`,
    missing: `${expected}, found no "${name}"${remedy}`,
    what: `"${name}"`,
  });
}

function problemsOf({ key, work }: Wanted, { content, documentType }: Found): ConfigProblem[] {
  const { name, what } = work;
  const declared = documentParameters(content);
  if (declared === undefined) return [];
  if (documentType !== TYPES[what]) {
    const reason = `expected a document of type ${TYPES[what]}, got "${name}" of type ${documentType}`;
    return [{ key: `${key}.${what}`, reason }];
  }
  return parameterProblems(`${what} ${name}`, declared, textsOf(work)).map((problem) => ({
    key: `${key}.parameters.${problem.name}`,
    reason: problem.reason,
  }));
}

/** The config has one text for each parameter. */
function textsOf(work: Wanted["work"]): Record<string, string> {
  const texts = Object.entries(work.parameters).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return {
    ...(work.what === "runbook" && { AutomationAssumeRole: work.roleArn }),
    ...Object.fromEntries(texts),
  };
}
