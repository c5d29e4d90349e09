import type { MultiTargetInput, Target, TargetLocation } from "../../../../runbook/multi-target.js";
import { AwsError } from "../../../../kernel/errors.js";

/** Source: API reference, StartAutomationExecution, MaxConcurrency. */
export const DEFAULT_CONCURRENCY = "10";
/** The API reference names no default; nothing is safer than none. */
export const DEFAULT_ERRORS = "0";

/** Source: API reference, MaxConcurrency and MaxErrors. */
const CONCURRENCY = /^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$/;
const ERRORS = /^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$/;

/** Whether a start is for several targets or locations. */
export function isMultiTarget(input: MultiTargetInput): boolean {
  const { TargetLocations = [], TargetMaps = [], Targets = [] } = input;
  return TargetLocations.length + TargetMaps.length + Targets.length > 0;
}

/** @throws AwsError ValidationException for the API's own limits, all at once */
export function checkMultiTarget(input: MultiTargetInput): void {
  const problems: string[] = [];
  const { MaxConcurrency, MaxErrors, TargetLocations, TargetMaps, Targets } = input;
  checkCount(problems, "targetLocations", TargetLocations, 1, 100);
  checkCount(problems, "targetMaps", TargetMaps, 0, 300);
  checkRates(problems, "", Targets, MaxConcurrency, MaxErrors);
  (TargetLocations ?? []).forEach((location, index) => {
    checkLocation(problems, `targetLocations.${index + 1}.member.`, location);
  });
  if (problems.length === 0) return;
  const detected = `${problems.length} validation error${problems.length > 1 ? "s" : ""} detected`;
  throw new AwsError("ValidationException", `${detected}: ${problems.join("; ")}`);
}

function checkLocation(problems: string[], at: string, location: TargetLocation): void {
  const { Accounts, ExcludeAccounts, ExecutionRoleName, Regions, Targets } = location;
  checkCount(problems, `${at}accounts`, Accounts, 1, 50);
  checkCount(problems, `${at}regions`, Regions, 1, 50);
  checkCount(problems, `${at}excludeAccounts`, ExcludeAccounts, 1, 5000);
  for (const id of ExcludeAccounts ?? []) {
    const pattern = /^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|\d{12})$/;
    checkPattern(problems, `${at}excludeAccounts`, id, pattern);
  }
  checkPattern(problems, `${at}executionRoleName`, ExecutionRoleName, /^[\w+=,.@/-]{1,64}$/);
  const { TargetLocationMaxConcurrency, TargetLocationMaxErrors } = location;
  checkPattern(
    problems,
    `${at}targetLocationMaxConcurrency`,
    TargetLocationMaxConcurrency,
    CONCURRENCY,
  );
  checkPattern(problems, `${at}targetLocationMaxErrors`, TargetLocationMaxErrors, ERRORS);
  checkRates(problems, at, Targets, location.TargetsMaxConcurrency, location.TargetsMaxErrors);
}

function checkRates(
  problems: string[],
  at: string,
  targets: readonly Target[] | undefined,
  concurrency: string | undefined,
  errors: string | undefined,
): void {
  checkCount(problems, `${at}targets`, targets, 0, 5);
  for (const { Values } of targets ?? [])
    checkCount(problems, `${at}targets.values`, Values, 0, 50);
  checkPattern(problems, `${at}maxConcurrency`, concurrency, CONCURRENCY);
  checkPattern(problems, `${at}maxErrors`, errors, ERRORS);
}

function checkCount(
  problems: string[],
  at: string,
  list: readonly unknown[] | undefined,
  least: number,
  most: number,
): void {
  if (list === undefined || (list.length >= least && list.length <= most)) return;
  const bound = list.length > most ? `less than or equal to ${most}` : `at least ${least}`;
  problems.push(
    `Value at '${at}' failed to satisfy constraint: Member must have length ${bound}, got ${list.length}`,
  );
}

function checkPattern(
  problems: string[],
  at: string,
  value: string | undefined,
  pattern: RegExp,
): void {
  if (value === undefined || pattern.test(value)) return;
  problems.push(
    `Value '${value}' at '${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
  );
}
