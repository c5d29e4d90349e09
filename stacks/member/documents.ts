// Checks the documents and runbooks that schedules name: that each exists, and takes the parameters that it gets.
import * as aws from "@pulumi/aws";
import {
  bootstrapDocumentName,
  collectName,
  reconcileDocumentName,
  renameDocumentName,
} from "../../components/names.js";
import type { ScheduleWork } from "../../components/schedules/run-schedule.js";
import { didYouMean } from "../../lib/did-you-mean.js";
import type { bootstrapDocuments } from "../../runbooks/loader/bootstrap-documents.js";
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

type BootstrapDocuments = ReturnType<typeof bootstrapDocuments>;

interface Found {
  readonly documentType: string;
  readonly content: string;
}

/**
 * Looks up every document and runbook of the schedules in each Region, already at preview: that it exists, that it has the
 * right type, and which parameters it takes.
 */
export async function documentProblems(
  config: MemberConfig,
  bootstrap: BootstrapDocuments,
  provider: aws.Provider,
): Promise<ConfigProblem[]> {
  const wanted = config.regions.flatMap((region) =>
    Object.entries(config.schedules).flatMap(([name, { work }]) =>
      isNamed(work) ? [{ key: `fleet:schedules.${name}`, region, work }] : [],
    ),
  );
  const own = ownDocuments(config, bootstrap);
  const ask = onceEach(provider);
  const found = await Promise.all(
    wanted.map(async (use) => {
      const document = own.get(use.work.name) ?? (await lookUp(use, [...own.keys()], ask));
      if (document === undefined) return [];
      return isProblem(document) ? [document] : problemsOf(use, document);
    }),
  );
  // A mistake that is the same in every Region is reported once.
  const byText = found
    .flat()
    .map((problem) => [`${problem.key} ${problem.reason}`, problem] as const);
  return [...new Map(byText).values()];
}

const isNamed = (work: ScheduleWork): work is Wanted["work"] => work.what !== "script";

/** Documents that this stack makes itself: they do not exist before its first deployment. */
function ownDocuments(
  { prefix, collect }: MemberConfig,
  { bootstrap, reconcile, rename }: BootstrapDocuments,
): ReadonlyMap<string, Found> {
  const runbook = (content: string) => ({ documentType: TYPES.runbook, content });
  return new Map<string, Found>([
    [bootstrapDocumentName(prefix), runbook(bootstrap)],
    [reconcileDocumentName(prefix), runbook(reconcile)],
    [renameDocumentName(prefix), { documentType: TYPES.document, content: rename }],
    ...(Object.keys(collect).length === 0
      ? []
      : [[collectName(prefix), runbook(collectDocument())] as const]),
  ]);
}

type Ask = (name: string, region: string) => Promise<Found>;

/** Asks AWS for each document once a Region, however many schedules name it. */
function onceEach(provider: aws.Provider): Ask {
  const answers = new Map<string, Promise<Found>>();
  return (name, region) => {
    const place = `${region} ${name}`;
    const answer =
      answers.get(place) ??
      aws.ssm.getDocument({ name, documentFormat: "JSON", region }, { provider });
    answers.set(place, answer);
    return answer;
  };
}

function lookUp({ key, region, work }: Wanted, own: readonly string[], ask: Ask) {
  const { name, what } = work;
  const expected = `expected a ${what} of the account or of AWS in ${region}`;
  const remedy = didYouMean(name, own) || "; create it before its schedule";
  return lookedUp<Found>(ask(name, region), {
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
