import { relative } from "node:path";
import { checkScenario } from "./scenario/check/check.js";
import { play } from "./scenario/play/play.js";
import { Programs } from "./program/programs.js";
import { python } from "./runbook/python/interpreter.js";
import type { PowerShellChoice, Shell } from "./host/shells.js";
import { openPowerShell, openShell } from "./host/shells.js";
import type { Report, ScenarioResult } from "./report/report.js";
import { reportOf, refusedReport } from "./report/report.js";
import { ownScenario } from "./scenario/setup/own-scenario.js";
import type { Scenario } from "./scenario/schema/scenario.js";
import { readScenario } from "./scenario/schema/scenario.js";
import type { EnvironmentSetup } from "./scenario/setup/environment.js";
import { deployEnvironment } from "./scenario/setup/environment.js";
import { checkStacks } from "./program/check-stacks.js";
import { readProject, readStacks } from "./program/stack-files.js";
import { messageOf } from "./kernel/errors.js";
import { UserError } from "../lib/user-error.js";

export interface RehearsalOptions {
  /** The folder of the Pulumi project. */
  readonly project: string;
  /** The folder of the stack files; the project's own by default. */
  readonly stackConfig?: string;
  /** Scenario files; without them the stack files are rehearsed as they are. */
  readonly scenarios?: readonly string[];
  /** Instead of the partition in the stack files. */
  readonly partition?: string;
  /** What runs scripts on Linux hosts. @default "built-in" */
  readonly shell?: Shell;
  /** What happens to scripts of Windows hosts. @default "parse" */
  readonly powershell?: PowerShellChoice;
  /** The programs of another rehearsal, which are loaded; whoever made them closes them. */
  readonly programs?: Programs;
  /** Called when something begins: for people who wait. */
  readonly progress?: (text: string) => void;
  /** Called with what is valid in the stack files, but perhaps not what was meant. */
  readonly warn?: (text: string) => void;
}

/**
 * The whole rehearsal: deploys the stacks into a local cloud, plays the scenarios, checks every call, reports.
 * @throws UserError for mistakes in the stack files, the program's config or the scenarios, and for a shell that
 *   cannot be used here.
 */
export async function rehearse(options: RehearsalOptions): Promise<Report> {
  const written = options.scenarios?.map((file) => ({
    ...readScenario(file),
    // As it is seen from the project, so that the report is the same on every machine.
    file: relative(options.project, file),
  }));
  return withSetup(options, async (setup) => {
    const scenarios = written ?? [ownScenario(setup.project, setup.stacks)];
    const results: ScenarioResult[] = [];
    for (const scenario of scenarios) {
      options.progress?.(scenario.name);
      results.push(await rehearseOne(setup, scenario));
    }
    return reportOf(results);
  });
}

/**
 * Calls a function with what every environment is built from, and tidies up after it. @throws UserError as `rehearse`
 * does
 */
export async function withSetup<T>(
  options: Omit<RehearsalOptions, "scenarios">,
  work: (setup: EnvironmentSetup) => Promise<T>,
): Promise<T> {
  const { project: folder, stackConfig = folder, partition } = options;
  const project = readProject(folder);
  const warn = options.warn ?? (() => undefined);
  const stacks = readStacks(project, stackConfig, warn);
  const powerShell = openPowerShell(options.powershell ?? "parse");
  const hosts = openShell(options.shell ?? "built-in");
  const programs = options.programs ?? new Programs();
  try {
    // What takes longest to load, loads while the rest goes on.
    programs.prepare(stacks.length);
    python.prewarm();
    await checkStacks(project, stacks, programs, warn);
    const hostRuntime = { makeMachine: hosts.makeMachine, ...(powerShell && { powerShell }) };
    return await work({
      ...{ project, stacks, programs, hostRuntime },
      ...(partition !== undefined && { partition }),
    });
  } finally {
    if (options.programs === undefined) await programs.close();
    hosts.close();
  }
}

async function rehearseOne(setup: EnvironmentSetup, scenario: Scenario): Promise<ScenarioResult> {
  const refusal = scenario.then.deploymentFails;
  try {
    const environment = await deployEnvironment(setup, scenario);
    if (refusal !== undefined) return refusedReport(scenario, "nothing was refused");
    await play(environment, scenario);
    return { scenario, environment, results: await checkScenario(environment, scenario) };
  } catch (error) {
    if (refusal === undefined || !(error instanceof UserError)) throw error;
    return refusedReport(scenario, messageOf(error));
  }
}
