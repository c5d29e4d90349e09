import type { CallRecord } from "../../kernel/call.js";
import type { Instance } from "../../kernel/instance.js";
import { instanceOfRun } from "../about.js";
import { STATUS_MESSAGE_TAG, STATUS_TAG } from "../product.js";
import type { Expectations, HostCheck, Scenario } from "../schema/scenario.js";
import { at, UserError } from "../../../lib/user-error.js";
import { countedIn, checkFleet } from "./fleet.js";
import { checkInside } from "./inside.js";
import { checkCollected } from "./inventory.js";
import { checkRun } from "./runs.js";
import { checkSchedules } from "./schedules.js";
import { checkNotifications } from "./notifications.js";
import type { Environment } from "../setup/environment.js";
import { hostNamed } from "../setup/lookup.js";
import type { CheckResult } from "./result.js";

export type { CheckResult } from "./result.js";

/** Compares an environment after the play with what its scenario expects. */
export async function checkScenario(
  environment: Environment,
  scenario: Scenario,
): Promise<CheckResult[]> {
  const { then } = scenario;
  const results: CheckResult[] = [];
  for (const [name, check] of Object.entries(then.hosts)) {
    await at(`${scenario.file}: then.hosts.${name}`, () => hostNamed(environment, name));
    checkCommands(environment, name, check, scenario);
    results.push(...(await checkHost(environment, name, check)));
    results.push(...checkCollected(environment, hostNamed(environment, name), name, check));
    results.push(...checkInside(environment, hostNamed(environment, name), name, check));
  }
  for (const [name, check] of Object.entries(then.fleets)) {
    results.push(...checkFleet(environment, name, check));
  }
  for (const [id, check] of Object.entries(then.runs)) {
    results.push(...checkRun(environment, id, check));
  }
  results.push(
    ...checkDenials(environment, then),
    ...checkNotifications(environment.cloud, then, countedIn(environment, then)),
    ...checkSchedules(environment, then),
  );
  for (const text of then.timeline) {
    const holds = environment.cloud.timeline.some((entry) => entry.text.includes(text));
    results.push({ expectation: `the timeline has "${text}"`, holds });
  }
  return results;
}

/** @throws UserError: on Windows nothing runs that could print something. */
function checkCommands(
  environment: Environment,
  name: string,
  check: HostCheck,
  { file }: Scenario,
): void {
  const [first] = check.commands;
  if (first === undefined || hostNamed(environment, name).os.platformType !== "Windows") return;
  throw new UserError(
    `${file}: then.hosts.${name}.commands: ${name} is a Windows host, where scripts are parsed, not executed: "${first.command}" prints nothing; ask for status, packages or timeline instead`,
  );
}

async function checkHost(
  environment: Environment,
  name: string,
  check: HostCheck,
): Promise<CheckResult[]> {
  const instance = hostNamed(environment, name);
  const results: CheckResult[] = [];
  const equal = (subject: string, wanted: unknown, found: unknown) => {
    const [a, b] = [JSON.stringify(wanted), JSON.stringify(found)];
    results.push({
      expectation: `${name}: ${subject} is ${a}`,
      holds: a === b,
      ...(a !== b && { found: b }),
    });
  };
  const contains = (subject: string, wanted: string, found: string) => {
    const holds = found.includes(wanted);
    results.push({
      expectation: `${name}: ${subject} contains "${wanted}"`,
      holds,
      ...(!holds && { found }),
    });
  };
  const runs = runsOf(environment, instance);
  if (check.status !== undefined)
    equal("status", check.status, instance.tags.get(STATUS_TAG) ?? "none");
  if (check.message !== undefined) {
    contains("status message", check.message, instance.tags.get(STATUS_MESSAGE_TAG) ?? "");
  }
  if (check.packages !== undefined)
    equal("installed packages", sorted(check.packages), packagesOf(environment, instance));
  if (check.runs !== undefined) results.push(checkRuns(name, check.runs, runs));
  if (check.billedSteps !== undefined) {
    const billed = runs.map((run) => run.billed.automationStep);
    equal("steps that AWS bills, by run,", check.billedSteps, billed);
  }
  if (check.failure !== undefined) contains("failure", check.failure, lastFailure(runs) ?? "");
  for (const wanted of check.commands) {
    results.push(...(await checkCommand(environment, instance, name, wanted)));
  }
  return results;
}

function checkRuns(
  name: string,
  wanted: NonNullable<HostCheck["runs"]>,
  runs: ReturnType<typeof runsOf>,
): CheckResult {
  const outcomes = runs.map(({ status }) => status);
  const found = JSON.stringify(outcomes);
  if (Array.isArray(wanted)) {
    const expectation = `${name}: bootstrap runs is ${JSON.stringify(wanted)}`;
    const holds = found === JSON.stringify(wanted);
    return { expectation, holds, ...(!holds && { found }) };
  }
  const { atLeast, last } = wanted;
  const ends = last === undefined ? "" : `, the last of them ${last}`;
  const holds = outcomes.length >= atLeast && (last === undefined || outcomes.at(-1) === last);
  const expectation = `${name}: bootstrap runs are ${atLeast} or more${ends}`;
  return { expectation, holds, ...(!holds && { found }) };
}

async function checkCommand(
  environment: Environment,
  instance: Instance,
  name: string,
  wanted: HostCheck["commands"][number],
): Promise<CheckResult[]> {
  const { command, exitCode, json = [], stdout } = wanted;
  const { account, region, id } = instance;
  const host = environment.cloud.ssm.agents.host(account, region, id);
  if (host === undefined) {
    return [{ expectation: `${name}: ${command}`, holds: false, found: "the host never started" }];
  }
  if (instance.state !== "running") {
    return [
      { expectation: `${name}: ${command}`, holds: false, found: `the host is ${instance.state}` },
    ];
  }
  const result = await host.run(command);
  const output = `exit code ${result.exitCode}: ${(result.stdout + result.stderr).slice(0, 300)}`;
  const resultOf = (expectation: string, holds: boolean): CheckResult => ({
    expectation: `${name}: ${command}: ${expectation}`,
    holds,
    ...(!holds && { found: output }),
  });
  const results = [resultOf(`exit code ${exitCode}`, result.exitCode === exitCode)];
  if (stdout !== undefined)
    results.push(resultOf(`prints "${stdout}"`, result.stdout.includes(stdout)));
  if (json.length > 0) {
    results.push(resultOf(`prints JSON with ${json.join(", ")}`, hasFields(result.stdout, json)));
  }
  return results;
}

function hasFields(text: string, fields: readonly string[]): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && fields.every((field) => field in value);
  } catch {
    return false;
  }
}

function checkDenials({ cloud }: Environment, then: Expectations): CheckResult[] {
  const denied = cloud.calls.filter(({ denial }) => denial !== undefined);
  const expected = (call: CallRecord) => then.denied.some((wanted) => isDenial(call, wanted));
  const results = then.denied.map((wanted) => ({
    expectation: `${wanted.action} is denied${wanted.missing === undefined ? "" : `: missing in ${wanted.missing}`}`,
    holds: denied.some((call) => isDenial(call, wanted)),
  }));
  const surprises = new Set(
    denied.filter((call) => !expected(call)).map(({ message }) => message ?? ""),
  );
  return [
    ...results,
    ...[...surprises].map((found) => ({
      expectation: "every call is allowed",
      holds: false,
      found,
    })),
  ];
}

function isDenial({ denial }: CallRecord, wanted: Expectations["denied"][number]): boolean {
  if (denial === undefined || denial.action !== wanted.action) return false;
  if (wanted.resource !== undefined && !denial.resource.includes(wanted.resource)) return false;
  const { missing } = wanted;
  return missing === undefined || denial.missing.some(({ place }) => place.includes(missing));
}

/** A run that another one overtook ends well and says nothing. */
const lastFailure = (runs: ReturnType<typeof runsOf>) =>
  runs.findLast(({ failureMessage }) => failureMessage !== undefined)?.failureMessage;

/** The automations that ran for an instance, in the order of their start. */
export function runsOf({ cloud }: Environment, instance: Instance) {
  return [
    ...cloud.ssm.automations.executions.in(instance.account, instance.region).values(),
  ].filter((run) => instanceOfRun(run) === instance.id);
}

/** Name to version of what is installed on an instance. */
export function packagesOf({ cloud }: Environment, instance: Instance): Record<string, string> {
  const host = cloud.ssm.agents.host(instance.account, instance.region, instance.id);
  const installed = (host?.packages ?? []).filter(({ status }) => status === "Installed");
  return sorted(Object.fromEntries(installed.map(({ name, version }) => [name, version])));
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
