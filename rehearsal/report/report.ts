import { type Deployed } from "../program/deployer.js";
import { type Cloud } from "../cloud/cloud.js";
import { packagesOf, runsOf, STATUS_TAG, type Verdict } from "../scenario/judge.js";
import { type Scenario } from "../scenario/scenario.js";
import { hostName, hostsOf, type Stage } from "../scenario/stage.js";
import { REHEARSAL_STARTS } from "../cloud/timeline.js";
import { type HostReport, type Report, type ScenarioReport } from "./schema.js";

export { type Report } from "./schema.js";

/** A scenario after it was played. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  /** Absent where the deployment was refused. */
  readonly stage?: Stage;
  readonly verdicts: readonly Verdict[];
}

/** The result of a scenario that expects its deployment to be refused. */
export function refusedReport(scenario: Scenario, refusal: string): ScenarioResult {
  const wanted = scenario.then.deploymentFails ?? "";
  const holds = refusal.includes(wanted);
  const expectation = `the deployment is refused: "${wanted}"`;
  return { scenario, verdicts: [{ expectation, holds, ...(!holds && { found: refusal }) }] };
}

export function reportOf(results: readonly ScenarioResult[]): Report {
  const scenarios = results.map(scenarioReport);
  const stage = results.find((result) => result.stage !== undefined)?.stage;
  return {
    outcome: scenarios.every(({ outcome }) => outcome === "passed") ? "passed" : "failed",
    stacks: (stage?.stacks ?? []).map(({ name, account, resources }) => ({
      name,
      account,
      // A program declares what does not depend on each other in no fixed order.
      resources: [...resources].sort(byTypeAndName).map(({ type, name: logical, id, region }) => ({
        type,
        name: logical,
        id,
        region,
      })),
    })),
    scenarios,
  };
}

function byTypeAndName(a: Deployed, b: Deployed): number {
  return `${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1;
}

function scenarioReport({ scenario, stage, verdicts }: ScenarioResult): ScenarioReport {
  const { name, file } = scenario;
  const failed = verdicts.some(({ holds }) => !holds);
  if (stage === undefined) {
    const calls = { allowed: 0, throttled: 0, refused: 0, denied: [] };
    const outcome = failed ? "failed" : "passed";
    return {
      name,
      file,
      outcome,
      hosts: [],
      timeline: [],
      calls,
      notRehearsed: [],
      expectations: [...verdicts],
      virtualSeconds: 0,
      price: 0,
    };
  }
  const { cloud } = stage;
  const notRehearsed = [...cloud.notRehearsed]
    .map(([subject, times]) => ({ subject, times }))
    .sort((a, b) => (a.subject < b.subject ? -1 : 1));
  const accepted = ({ subject }: { subject: string }) =>
    scenario.then.notRehearsed.some((text) => subject.includes(text));
  const unknown = notRehearsed.some((met) => !accepted(met));
  return {
    name,
    file,
    outcome: failed ? "failed" : unknown ? "not rehearsed" : "passed",
    hosts: hostsOf(stage).map((instance) => hostReport(stage, instance)),
    timeline: cloud.timeline.map(({ time, ...entry }) => ({ seconds: secondsAt(time), ...entry })),
    calls: callsOf(cloud),
    notRehearsed,
    expectations: [...verdicts],
    virtualSeconds: secondsAt(cloud.clock.now),
    price: rounded(cloud.price),
  };
}

function callsOf({ calls }: Cloud): ScenarioReport["calls"] {
  const count = (outcome: string) => calls.filter((call) => call.outcome === outcome).length;
  return {
    allowed: count("allowed"),
    throttled: count("throttled"),
    refused: count("refused"),
    denied: calls.flatMap(({ time, principal, account, region, call, message = "", denial }) =>
      denial === undefined
        ? []
        : [
            {
              seconds: secondsAt(time),
              principal,
              account,
              region,
              call,
              action: denial.action,
              resource: denial.resource,
              message,
              ...(denial.denied !== undefined && {
                deniedBy: `${denial.denied.sid} in ${denial.denied.place}`,
              }),
              missing: denial.missing.map(({ place, statement }) => ({
                place,
                statement: { ...statement },
              })),
              nearly: [...denial.nearly],
            },
          ],
    ),
  };
}

function hostReport(stage: Stage, instance: ReturnType<typeof hostsOf>[number]): HostReport {
  const message = instance.tags.get(`${STATUS_TAG}.message`);
  return {
    name: hostName(instance),
    instanceId: instance.id,
    account: instance.account,
    region: instance.region,
    platform: `${instance.os.platformName} ${instance.os.platformVersion} ${instance.os.architecture}`,
    state: instance.state,
    packages: packagesOf(stage, instance),
    status: instance.tags.get(STATUS_TAG) ?? "none",
    ...(message !== undefined && { message }),
    runs: runsOf(stage, instance).map((run) => ({
      executionId: run.id,
      document: run.documentName,
      status: run.status,
      seconds: rounded(((run.endTime ?? stage.cloud.clock.now) - run.startTime) / 1000),
      steps: run.steps.map(({ name, action, status, failureMessage }) => ({
        name,
        action,
        status,
        ...(failureMessage !== undefined && { message: failureMessage }),
      })),
      ...(run.failureMessage !== undefined && { failure: run.failureMessage }),
      price: rounded(run.price),
    })),
  };
}

function secondsAt(time: number): number {
  return rounded((time - REHEARSAL_STARTS) / 1000);
}

/** To a tenth of a thousandth: enough for prices, and free of floating point's tails. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
