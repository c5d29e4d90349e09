import type { Session } from "../session.js";
import type { Identity } from "./aws.js";
import { existing, parametersText } from "./document-choice.js";
import type { Estimate } from "./estimate.js";
import { estimate } from "./estimate.js";
import type { Place } from "./hosts.js";
import { placesOf } from "./hosts.js";
import type { LogStack } from "./log-stack.js";
import { membersOf } from "./organisation.js";
import type { Preparation } from "./preparation.js";
import { preparationOf } from "./preparation.js";
import { Problems } from "./problems.js";
import type { Request, RunOptions } from "./request.js";
import { readRequest } from "./request.js";
import type { Choice } from "./script-choice.js";
import { handedOver } from "./script-choice.js";
import type { Start } from "./split.js";
import { split } from "./split.js";

/** What a run would do. Planning touches nothing. */
export interface Plan {
  readonly run: string;
  readonly request: Request;
  readonly choice: Choice;
  /** As the runbook takes them. */
  readonly parameters: string;
  /** Where the target matches hosts. */
  readonly places: readonly Place[];
  /** Accounts and Regions that cannot be read; the run leaves them out. */
  readonly unread: readonly Place[];
  /** Accounts that were looked at. */
  readonly accounts: number;
  readonly regions: readonly string[];
  readonly preparations: readonly Preparation[];
  readonly starts: readonly Start[];
  readonly estimate: Estimate;
}

/** @throws UserError with everything that is wrong, before anything is touched */
export async function makePlan(
  run: string,
  options: RunOptions,
  log: LogStack,
  operator: Identity,
  session: Session,
): Promise<Plan> {
  const problems = new Problems();
  const request = readRequest(options, problems);
  if (request === undefined) throw problems.ended();
  const regions = regionsOf(request, log, problems);
  const [choice, members] = await Promise.all([
    request.subject.kind === "document"
      ? existing(request.subject.name, log, operator, problems)
      : handedOver(request, log, session, problems),
    membersOf(request, log, operator, problems),
  ]);
  const parameters = choice === undefined ? "" : parametersText(choice, request, problems);
  if (choice === undefined || members.length === 0) {
    if (!problems.any) problems.add("--accounts", "expected accounts, got none that is left");
    throw problems.ended();
  }
  const planned = await placesOf(members, regions, request.target, log, operator);
  const places = planned.filter(({ hosts }) => hosts.length > 0);
  const unread = planned.filter(({ cause }) => cause !== undefined);
  checkMatches(request, planned, places, unread, problems);
  const preparations = await preparationOf(choice, places, log, operator, problems);
  problems.end();
  const starts = split(places, (region) => log.buckets[region] ?? log.buckets[log.home] ?? "");
  return {
    run,
    request,
    choice,
    parameters,
    places,
    unread,
    accounts: members.length,
    regions,
    preparations,
    starts,
    estimate: estimate(places, starts, request.limits),
  };
}

function regionsOf({ regions }: Request, log: LogStack, problems: Problems): readonly string[] {
  if (regions === "all") return log.regions;
  const unknown = regions.filter((region) => !log.regions.includes(region));
  for (const region of unknown) {
    const reason = `expected Regions of the log stack (${log.regions.join(", ")}) or all, got ${region}; add it to fleet:regions there`;
    problems.add("--regions", reason);
  }
  return regions.length === 0 ? [log.home] : regions.filter((region) => !unknown.includes(region));
}

/** A target that matches nothing is a mistake, unless nobody could look. */
function checkMatches(
  { target }: Request,
  planned: readonly Place[],
  places: readonly Place[],
  unread: readonly Place[],
  problems: Problems,
): void {
  if (places.length > 0 || planned.length === 0) return;
  const [first] = unread;
  if (first !== undefined && unread.length === planned.length) {
    problems.add(first.account, `no account can be read: ${first.cause ?? ""}`);
    return;
  }
  const accounts = new Set(planned.map(({ account }) => account)).size;
  const where = accounts === 1 ? "in the account" : `in any of the ${accounts} accounts`;
  const rest = unread.length > 0 ? ` (${unread.length} could not be read)` : "";
  const reason = `expected a target that managed hosts match, got "${target.text}", which matches none ${where}${rest}`;
  problems.add("--target", reason);
}
