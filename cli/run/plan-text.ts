import { table } from "../table.js";
import { HOST_SECONDS } from "./estimate.js";
import type { Host, Place } from "./hosts.js";
import type { Plan } from "./plan.js";
import type { Choice } from "./script-choice.js";
import { groupBy } from "../../lib/lists.js";

/** Accounts and Regions that a person reads; `--json` has all. */
const MAX_ROWS = 30;

/** The plan for a person, in lines of at most 100 columns. */
export function planText(plan: Plan, isTerminal: boolean): string {
  const { choice, places, preparations, request, run, unread } = plan;
  const rows = places.slice(0, MAX_ROWS).map((place) => rowOf(place, choice));
  const more = places.length - rows.length;
  return [
    `Plan of run ${run}: ${choice.title} on ${request.target.text}`,
    "",
    table(
      ["ACCOUNT", "NAME", "REGION", "HOSTS", "OFFLINE", "NO SCRIPT"],
      rows,
      isTerminal,
    ).trimEnd(),
    ...(more > 0
      ? [
          `… and ${count(more, "more account and Region", "more accounts and Regions")}; --json has all`,
        ]
      : []),
    "",
    ...unreadText(unread),
    ...labelled("Hosts", totals(plan)),
    ...labelled("Limits", limitsText(plan)),
    ...labelled("Document", documentText(choice, preparations)),
    ...labelled("Quotas", plan.estimate.quotas.join(" ")),
    ...labelled("Time", timeText(plan)),
    ...labelled("Price", priceText(plan)),
    "",
  ].join("\n");
}

function rowOf({ account, name, region, hosts }: Place, choice: Choice): string[] {
  const { offline, withoutScript } = countsOf(hosts, choice);
  return [account, name || "–", region, String(hosts.length), some(offline), some(withoutScript)];
}

const some = (number: number): string => (number === 0 ? "–" : String(number));

/** Hosts of a place by what keeps them from answering. */
export function countsOf(hosts: readonly Host[], { platforms }: Choice) {
  const isFor = ({ platform }: Host) =>
    (platform === "Linux" && platforms.has("linux")) ||
    (platform === "Windows" && platforms.has("windows"));
  return {
    offline: hosts.filter(({ isOnline }) => !isOnline).length,
    withoutScript: hosts.filter((host) => !isFor(host)).length,
  };
}

function unreadText(unread: readonly Place[]): string[] {
  if (unread.length === 0) return [];
  const causes = groupBy(unread, ({ account, cause = "" }) => cause.replaceAll(account, "…"));
  const lines = [...causes.values()].flatMap((same) => {
    const [first] = same;
    const accounts = [...new Set(same.map(({ account }) => account))];
    const named =
      accounts.length > 5
        ? `${accounts.slice(0, 5).join(", ")} and ${accounts.length - 5} more`
        : accounts.join(", ");
    return folded(`${named}: ${first?.cause ?? ""}`, "  ");
  });
  const accounts = new Set(unread.map(({ account }) => account)).size;
  return [
    `${count(accounts, "account cannot be read and is", "accounts cannot be read and are")} left out:`,
    ...lines,
    "Deploy the member's stack there, or leave it out by --exclude.",
    "",
  ];
}

function totals({ choice, places, accounts, regions, request: { limits } }: Plan): string {
  const hosts = places.flatMap((place) => place.hosts);
  const { offline, withoutScript } = countsOf(hosts, choice);
  const matched = new Set(places.map(({ account }) => account)).size;
  const inRegions = new Set(places.map(({ region }) => region)).size;
  const parts = [
    `${hosts.length} in ${matched} of ${count(accounts, "account", "accounts")} and ${inRegions} of ${count(regions.length, "Region", "Regions")}.`,
    ...(offline > 0 ? [`${offline} offline: waited for ${limits.deliveryTimeout} s.`] : []),
    ...(withoutScript > 0
      ? [`${withoutScript} of a platform without a script: nothing runs there.`]
      : []),
  ];
  return parts.join(" ");
}

function limitsText({ estimate, request: { limits } }: Plan): string {
  const { maxConcurrency, maxErrors, locationConcurrency, locationErrors } = limits;
  const accounts =
    locationErrors === "100%"
      ? "an account that fails stops no other"
      : `stopped when more than ${locationErrors} of them fail`;
  return (
    `In each account and Region ${maxConcurrency} hosts at once, stopped when more than ${maxErrors} of them fail. ` +
    `In each Region ${locationConcurrency} accounts at once; ${accounts}. ` +
    `That is ${count(estimate.waves, "wave", "waves")} of accounts, and at most ${estimate.hostWaves} of hosts in each.`
  );
}

function documentText({ document, content }: Choice, preparations: Plan["preparations"]): string {
  if (content === undefined) return `${document}, which is there.`;
  const added = preparations.filter(({ isNew }) => isNew).map(({ region }) => region);
  const shares = new Set(preparations.flatMap(({ share }) => share)).size;
  const parts = [
    added.length > 0 ? `will be made in ${added.join(", ")}` : "is there already",
    ...(shares > 0 ? [`shared with ${count(shares, "account", "accounts")}`] : []),
  ];
  return `${document} ${parts.join(" and ")}.`;
}

const timeText = ({ estimate: { minutes } }: Plan): string =>
  `About ${count(minutes, "minute", "minutes")}, where a host takes ${HOST_SECONDS} s.`;

const priceText = ({ estimate: { price, priceOf } }: Plan): string =>
  `About $${price.toFixed(price < 0.1 ? 4 : 2)}: ${priceOf.join(", ")} (list price of us-east-1).`;

export const count = (number: number, singular: string, plural: string): string =>
  `${number} ${number === 1 ? singular : plural}`;

const LABEL = 10;

/** A text with a word before it, which stands alone in its columns; nothing where there is no text. */
function labelled(label: string, text: string): string[] {
  const [first, ...rest] = folded(text, " ".repeat(LABEL));
  return first === undefined ? [] : [label.padEnd(LABEL) + first.slice(LABEL), ...rest];
}

/** A text in lines of at most 100 columns; a longer word, such as an ARN, is broken. */
export function folded(text: string, indent = ""): string[] {
  const room = 100 - indent.length;
  const pattern = new RegExp(`\\S.{0,${room - 1}}(?!\\S)|\\S{1,${room}}`, "g");
  return (text.match(pattern) ?? []).map((line) => indent + line.trimEnd());
}

/** The plan as data. */
export function planData(plan: Plan) {
  const { choice, estimate, request, unread } = plan;
  return {
    document: choice.document,
    script: choice.title,
    target: request.target.text,
    accounts: plan.accounts,
    regions: plan.regions,
    limits: request.limits,
    places: plan.places.map(({ account, name, region, hosts }) => ({
      account,
      name,
      region,
      hosts: hosts.length,
      ...countsOf(hosts, choice),
    })),
    unread: unread.map(({ account, region, cause }) => ({ account, region, cause })),
    preparations: plan.preparations,
    automations: plan.starts.length,
    ...estimate,
  };
}
