import { enabledTag, enabledValues } from "../../components/bootstrap/bootstrap-tags.js";
import type { StackOptions } from "./log-stack.js";
import type { Problems } from "./problems.js";

/** Which platforms a run is for. */
export const PLATFORMS = ["linux", "windows", "all"] as const;
export type PlatformChoice = (typeof PLATFORMS)[number];

/** What a person gives to `fleet run`. */
export interface RunOptions extends StackOptions {
  readonly script?: readonly string[];
  readonly document?: string;
  readonly command?: string;
  readonly parameter?: readonly string[];
  readonly platform?: PlatformChoice;
  readonly target?: string;
  readonly accounts?: string;
  readonly ous?: string;
  readonly exclude?: string;
  readonly regions?: string;
  readonly maxConcurrency: string;
  readonly maxErrors: string;
  readonly locationConcurrency: string;
  readonly locationErrors: string;
  readonly timeout?: string;
  readonly deliveryTimeout: string;
  readonly plan?: boolean;
  readonly detach?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Which hosts of an account and Region, as the runbook takes it. */
export interface Target {
  readonly key: string;
  readonly values: readonly string[];
  /** As the person wrote it. */
  readonly text: string;
}

export interface Limits {
  /** Of hosts, in each account and Region. */
  readonly maxConcurrency: string;
  readonly maxErrors: string;
  /** Of accounts, in each Region. */
  readonly locationConcurrency: string;
  readonly locationErrors: string;
  /** Seconds in which a host must have begun. */
  readonly deliveryTimeout: number;
}

/** What is to run where, read and checked as far as that needs no call of AWS. */
export interface Request {
  readonly subject:
    | { readonly kind: "scripts"; readonly files: readonly string[] }
    | { readonly kind: "command"; readonly text: string }
    | { readonly kind: "document"; readonly name: string };
  readonly platform?: PlatformChoice;
  readonly parameters: Readonly<Record<string, string>>;
  readonly target: Target;
  /** Ids of accounts and OUs; both empty: every account that the stack serves. */
  readonly accounts: readonly string[];
  readonly ous: readonly string[];
  readonly exclude: readonly string[];
  /** Empty: home. */
  readonly regions: readonly string[] | "all";
  readonly limits: Limits;
  /** Seconds that the script may take on a host. */
  readonly timeout?: number;
}

/** Source: API reference, SendCommand and TargetLocation, MaxConcurrency and MaxErrors. */
const CONCURRENCY = /^([1-9][0-9]{0,6}|[1-9][0-9]?%|100%)$/;
const ERRORS = /^([1-9][0-9]{0,6}|0|[1-9][0-9]?%|0%|100%)$/;

/** Source: API reference, Target: most values of one key. */
const MAX_TARGET_VALUES = 50;

/** Reads the options; what is wrong with them is added to the problems. */
export function readRequest(options: RunOptions, problems: Problems): Request | undefined {
  const subject = readWhat(options, problems);
  const target = readTarget(options.target, problems);
  const parameters = readParameters(options.parameter ?? [], problems);
  const limits = readLimits(options, problems);
  const timeout = readSeconds("--timeout", options.timeout, 1, 172_800, problems);
  const accounts = readIds("--accounts", options.accounts, ACCOUNT, problems);
  const ous = readIds("--ous", options.ous, UNIT, problems);
  const exclude = readIds("--exclude", options.exclude, EITHER, problems);
  const regions = options.regions === "all" ? "all" : listOf(options.regions);
  if (subject === undefined || target === undefined || limits === undefined) return undefined;
  return {
    subject,
    target,
    parameters,
    limits,
    accounts,
    ous,
    exclude,
    regions,
    ...(options.platform !== undefined && { platform: options.platform }),
    ...(timeout !== undefined && { timeout }),
  };
}

function readWhat(
  { script, document, command }: RunOptions,
  problems: Problems,
): Request["subject"] | undefined {
  const given = [
    ...(script === undefined ? [] : [{ kind: "scripts", files: script } as const]),
    ...(command === undefined ? [] : [{ kind: "command", text: command } as const]),
    ...(document === undefined ? [] : [{ kind: "document", name: document } as const]),
  ];
  if (given.length === 1) return given[0];
  const got = given.length === 0 ? "none" : `${given.length} of them`;
  problems.add("--script, --document, --command", `expected one of them, got ${got}`);
  return undefined;
}

/** Every host that is bootstrapped: SendCommand has no target for all managed nodes. */
export const ALL: Target = {
  key: `tag:${enabledTag}`,
  values: enabledValues,
  text: "all",
};

/** `tag:K=V`, `tag:K=V1,V2`, `resource-group:N` or `all`. */
function readTarget(text: string | undefined, problems: Problems): Target | undefined {
  const expected = "expected tag:KEY=VALUE, resource-group:NAME or all";
  if (text === undefined) {
    problems.add("--target", `${expected}, got none`);
    return undefined;
  }
  if (text === ALL.text) return ALL;
  const [, group] = /^resource-group:(.+)$/.exec(text) ?? [];
  if (group !== undefined) return { key: "resource-groups:Name", values: [group], text };
  const [, key, list] = /^tag:([^=]+)=(.+)$/.exec(text) ?? [];
  const values = list === undefined ? [] : listOf(list);
  if (key === undefined || values.length === 0) {
    problems.add("--target", `${expected}, got "${text}"`);
    return undefined;
  }
  if (values.length > MAX_TARGET_VALUES) {
    problems.add("--target", `expected at most ${MAX_TARGET_VALUES} values, got ${values.length}`);
  }
  return { key: `tag:${key}`, values, text };
}

function readParameters(
  given: readonly string[],
  problems: Problems,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const text of given) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      problems.add("--parameter", `expected NAME=VALUE, got "${text}"`);
    } else if (name in found) {
      problems.add("--parameter", `expected each name once, got ${name} again`);
    } else {
      found[name] = value;
    }
  }
  return found;
}

function readLimits(options: RunOptions, problems: Problems): Limits | undefined {
  const { maxConcurrency, maxErrors, locationConcurrency, locationErrors } = options;
  const rates = [
    ["--max-concurrency", maxConcurrency, CONCURRENCY, "a number from 1 or 1%-100%"],
    ["--max-errors", maxErrors, ERRORS, "a number from 0 or 0%-100%"],
    ["--location-concurrency", locationConcurrency, CONCURRENCY, "a number from 1 or 1%-100%"],
    ["--location-errors", locationErrors, ERRORS, "a number from 0 or 0%-100%"],
  ] as const;
  for (const [option, value, pattern, expected] of rates) {
    if (!pattern.test(value)) problems.add(option, `expected ${expected}, got "${value}"`);
  }
  // Source: API reference, SendCommand, TimeoutSeconds.
  const deliveryTimeout = readSeconds(
    "--delivery-timeout",
    options.deliveryTimeout,
    30,
    2_592_000,
    problems,
  );
  if (deliveryTimeout === undefined) return undefined;
  return { maxConcurrency, maxErrors, locationConcurrency, locationErrors, deliveryTimeout };
}

/** `90`, `90s`, `10m`, `2h`. */
function readSeconds(
  option: string,
  text: string | undefined,
  least: number,
  most: number,
  problems: Problems,
): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit = "s"] = /^(\d{1,7})([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(number) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? 1);
  if (seconds >= least && seconds <= most) return seconds;
  problems.add(
    option,
    `expected ${least} to ${most} seconds, as 90, 90s, 10m or 2h, got "${text}"`,
  );
  return undefined;
}

const ACCOUNT = { pattern: /^\d{12}$/, what: "ids of accounts, 12 digits each" };
const UNIT = {
  // Source: API reference of AWS Organizations, ListAccountsForParent.
  pattern: /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
  what: "ids of organisational units (ou-…) or of a root (r-…)",
};
const EITHER = {
  pattern: new RegExp(`${ACCOUNT.pattern.source}|${UNIT.pattern.source}`),
  what: "ids of accounts or of organisational units",
};

function readIds(
  option: string,
  text: string | undefined,
  { pattern, what }: { readonly pattern: RegExp; readonly what: string },
  problems: Problems,
): readonly string[] {
  const ids = listOf(text);
  if (text !== undefined && ids.length === 0) problems.add(option, `expected ${what}, got none`);
  for (const id of ids.filter((id) => !pattern.test(id))) {
    problems.add(option, `expected ${what}, got "${id}"`);
  }
  return ids.filter((id) => pattern.test(id));
}

/** Separated by commas; each once. */
export const listOf = (text: string | undefined): string[] => [
  ...new Set(
    (text ?? "")
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  ),
];
