import { type ExpectedRun } from "./run-schema.js";
import { logStack } from "./runs.js";
import { hostName, hostsOf, type Stage } from "./stage.js";
import { type Verdict } from "./verdict.js";

interface Answer {
  readonly instanceId: string;
  readonly commandId: string;
  readonly statusDetails: string;
  readonly responseCode: number;
  readonly outputWritten: boolean;
}

/** Holds what runs left in the buckets, and how they ended, against what a scenario expects. */
export function judgeRun(stage: Stage, id: string, wanted: ExpectedRun): Verdict[] {
  const verdicts: Verdict[] = [];
  const check = (what: string, holds: boolean, found: string) =>
    verdicts.push({ expectation: `run ${id}: ${what}`, holds, ...(!holds && { found }) });
  const equal = (what: string, a: unknown, b: unknown) =>
    check(`${what} is ${JSON.stringify(a)}`, JSON.stringify(a) === JSON.stringify(b), String(b));
  const executions = [...stage.cloud.ssm.automations.executions.all()].filter(
    ({ parameters, spread }) => parameters["RunId"]?.[0] === id && spread === undefined,
  );
  if (wanted.ends !== undefined) {
    const found = executions.map(({ status }) => status).sort();
    equal("its ends in accounts and Regions", [...wanted.ends].sort(), found);
  }
  const answers = answersOf(stage, id);
  if (wanted.recorded !== undefined) equal("hosts recorded", wanted.recorded, answers.length);
  if (wanted.failure !== undefined) {
    const reasons = executions.flatMap(({ reason }) => reason ?? []);
    const holds = reasons.some((reason) => reason.includes(wanted.failure ?? ""));
    check(`a failure tells "${wanted.failure}"`, holds, reasons.join("; ") || "none");
  }
  for (const [name, expected] of Object.entries(wanted.hosts)) {
    const ids = hostsOf(stage).flatMap((host) => (hostName(host) === name ? [host.id] : []));
    const answer = answers.find(({ instanceId }) => ids.includes(instanceId));
    if (answer === undefined) {
      check(`${name} is recorded`, false, answers.length === 0 ? "no host is" : "others are");
      continue;
    }
    const { status, code, outputWritten } = expected;
    if (status !== undefined) equal(`${name}: status`, status, answer.statusDetails);
    if (code !== undefined) equal(`${name}: exit code`, code, answer.responseCode);
    if (outputWritten !== undefined)
      equal(`${name}: output written`, outputWritten, answer.outputWritten);
    for (const stream of ["stdout", "stderr"] as const) {
      const part = expected[stream];
      if (part === undefined) continue;
      const found = keptOutput(stage, id, answer, stream);
      const holds = part === "none" ? found === undefined : found?.includes(part) === true;
      check(`${name}: ${stream} in the bucket has "${part}"`, holds, found ?? "no object");
    }
  }
  return verdicts;
}

/** The lines that the runbook wrote. */
const answersOf = (stage: Stage, id: string): Answer[] =>
  objectsOf(stage, (key) => key.startsWith("invocations/") && key.split("/")[3] === id).flatMap(
    (body) =>
      body
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Answer),
  );

const keptOutput = (
  stage: Stage,
  run: string,
  { commandId, instanceId }: Answer,
  stream: string,
): string | undefined =>
  objectsOf(stage, (key) => {
    const [root, , , ofRun, command, host, ...rest] = key.split("/");
    const place = [root, ofRun, command, host, rest.at(-1)].join(" ");
    return place === ["output", run, commandId, instanceId, stream].join(" ");
  })[0];

/** Texts of what is in the buckets for output under some keys. */
function objectsOf(stage: Stage, wanted: (key: string) => boolean): string[] {
  const buckets = [...new Set(Object.values(logStack(stage).runs.buckets))];
  return buckets.flatMap((name) => {
    const { objects } = stage.cloud.s3.bucket(name);
    const { keys } = objects.list({ prefix: "", limit: Infinity });
    return keys
      .filter(wanted)
      .map((key) => Buffer.from(objects.get(key)?.body ?? Buffer.of()).toString());
  });
}
