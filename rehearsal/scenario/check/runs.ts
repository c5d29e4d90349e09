import type { AutomationExecution } from "../../runbook/execution.js";
import type { ExpectedRun } from "../schema/run-schema.js";
import { INVOCATIONS_PREFIX, OUTPUT_PREFIX, RUN_PARAMETER } from "../product.js";
import { logStack } from "../play/runs.js";
import type { Environment } from "../setup/environment.js";
import { hostName, hostsOf, stackAccount } from "../setup/lookup.js";
import type { CheckResult } from "./result.js";

interface Answer {
  readonly instanceId: string;
  readonly commandId: string;
  readonly statusDetails: string;
  readonly responseCode: number;
  readonly outputWritten: boolean;
}

/** What the checks need. */
class Checks {
  readonly results: CheckResult[] = [];

  constructor(private readonly run: string) {}

  holds(subject: string, holds: boolean, found: string): void {
    const expectation = `run ${this.run}: ${subject}`;
    this.results.push({ expectation, holds, ...(!holds && { found }) });
  }

  equal(subject: string, wanted: unknown, found: unknown): void {
    const [a, b] = [JSON.stringify(wanted), JSON.stringify(found)];
    this.holds(`${subject} is ${a}`, a === b, b);
  }
}

/** Compares what runs left in the buckets, and how they ended, with what a scenario expects. */
export function checkRun(environment: Environment, id: string, wanted: ExpectedRun): CheckResult[] {
  const checks = new Checks(id);
  const all = [...environment.cloud.ssm.automations.executions.all()].filter(
    ({ parameters }) => parameters[RUN_PARAMETER]?.[0] === id,
  );
  checkLocations(environment, checks, all, wanted);
  const executions = all.filter(({ multiTarget }) => multiTarget === undefined);
  if (wanted.ends !== undefined) {
    const found = executions.map(({ status }) => status).sort();
    checks.equal("its ends in accounts and Regions", [...wanted.ends].sort(), found);
  }
  const answers = answersOf(environment, id);
  if (wanted.recorded !== undefined)
    checks.equal("hosts recorded", wanted.recorded, answers.length);
  if (wanted.failure !== undefined) {
    const reasons = all.flatMap(({ reason, steps }) => [reason, ...steps.map((s) => s.reason)]);
    const found = reasons.filter((reason) => reason !== undefined);
    const holds = found.some((reason) => reason.includes(wanted.failure ?? ""));
    const shown = [...new Set(found)].slice(0, 5).join("; ");
    checks.holds(`a failure has "${wanted.failure}"`, holds, shown || "none");
  }
  for (const [name, expected] of Object.entries(wanted.hosts)) {
    const ids = hostsOf(environment).flatMap((host) => (hostName(host) === name ? [host.id] : []));
    const answer = answers.find(({ instanceId }) => ids.includes(instanceId));
    if (answer !== undefined) checkHost(environment, checks, { id, name, answer }, expected);
    else
      checks.holds(
        `${name} is recorded`,
        false,
        answers.length === 0 ? "no host is" : "others are",
      );
  }
  return checks.results;
}

/** What the automations in the log account say of their accounts and Regions. */
function checkLocations(
  environment: Environment,
  checks: Checks,
  all: readonly AutomationExecution[],
  { locations, stacks, status }: ExpectedRun,
): void {
  const parents = all.filter(({ multiTarget }) => multiTarget !== undefined);
  if (status !== undefined)
    checks.equal("its status", [status], [...new Set(parents.map((parent) => parent.status))]);
  const steps = parents.flatMap((parent) => parent.steps);
  if (locations !== undefined) {
    const counts: Record<string, number> = {};
    for (const step of steps) counts[step.status] = (counts[step.status] ?? 0) + 1;
    checks.equal("its accounts and Regions", sorted(locations), sorted(counts));
  }
  for (const [stack, end] of Object.entries(stacks)) {
    const account = stackAccount(environment, stack);
    const inAccount = steps.filter(({ location }) => location?.Accounts?.includes(account));
    checks.equal(`${stack}: its ends`, [end], [...new Set(inAccount.map((step) => step.status))]);
  }
}

const sorted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));

interface HostAnswer {
  /** The run's id. */
  readonly id: string;
  readonly name: string;
  readonly answer: Answer;
}

function checkHost(
  environment: Environment,
  checks: Checks,
  { id, name, answer }: HostAnswer,
  expected: ExpectedRun["hosts"][string],
): void {
  const { status, code, outputWritten } = expected;
  if (status !== undefined) checks.equal(`${name}: status`, status, answer.statusDetails);
  if (code !== undefined) checks.equal(`${name}: exit code`, code, answer.responseCode);
  if (outputWritten !== undefined)
    checks.equal(`${name}: output written`, outputWritten, answer.outputWritten);
  for (const stream of ["stdout", "stderr"] as const) {
    const part = expected[stream];
    if (part === undefined) continue;
    const found = keptOutput(environment, id, answer, stream);
    const holds = part === "none" ? found === undefined : found?.includes(part) === true;
    checks.holds(`${name}: ${stream} in the bucket has "${part}"`, holds, found ?? "no object");
  }
}

/** The lines that the runbook wrote. */
const answersOf = (environment: Environment, id: string): Answer[] =>
  objectsOf(
    environment,
    (key) => key.startsWith(INVOCATIONS_PREFIX) && key.split("/")[3] === id,
  ).flatMap((body) =>
    body
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Answer),
  );

const keptOutput = (
  environment: Environment,
  run: string,
  { commandId, instanceId }: Answer,
  stream: string,
): string | undefined =>
  objectsOf(environment, (key) => {
    if (!key.startsWith(OUTPUT_PREFIX)) return false;
    const [, , , ofRun, command, host, ...rest] = key.split("/");
    const place = [ofRun, command, host, rest.at(-1)].join(" ");
    return place === [run, commandId, instanceId, stream].join(" ");
  })[0];

/** Texts of what is in the buckets for output under some keys. */
function objectsOf(environment: Environment, wanted: (key: string) => boolean): string[] {
  const buckets = [...new Set(Object.values(logStack(environment).runs.buckets))];
  return buckets.flatMap((name) => {
    const { objects } = environment.cloud.s3.bucket(name);
    const { keys } = objects.list({ prefix: "", limit: Infinity });
    return keys
      .filter(wanted)
      .map((key) => Buffer.from(objects.get(key)?.body ?? Buffer.of()).toString());
  });
}
