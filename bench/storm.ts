import { resolve } from "node:path";
import { Programs } from "../rehearsal/program/programs.js";
import { readProject, readStacks } from "../rehearsal/program/stack-files.js";
import type { FleetFigures } from "../rehearsal/scenario/check/fleet.js";
import { fleetFigures } from "../rehearsal/scenario/check/fleet.js";
import { play } from "../rehearsal/scenario/play/play.js";
import { readScenario } from "../rehearsal/scenario/schema/scenario.js";
import { deployEnvironment } from "../rehearsal/scenario/setup/environment.js";

export interface StormFigures {
  readonly fleet: FleetFigures;
  /** Real seconds from the first launch until nothing is left to happen. */
  readonly seconds: number;
  /** Seconds of processor time of the same: what a busy machine changes less. */
  readonly processorSeconds: number;
  /** Peak resident memory of the process, MiB. */
  readonly peakMemory: number;
}

/** Plays a launch storm, `scenarios/storm-<hosts>.yaml`. */
export async function measureStorm(project: string, hosts: number): Promise<StormFigures> {
  const from = readProject(project);
  const scenario = readScenario(resolve(project, "scenarios", `storm-${hosts}.yaml`));
  const setup = { project: from, stacks: readStacks(from, project), programs: new Programs() };
  const environment = await deployEnvironment(setup, scenario);
  const start = process.hrtime.bigint();
  const used = process.cpuUsage();
  await play(environment, scenario);
  const { user, system } = process.cpuUsage(used);
  return {
    fleet: fleetFigures(environment, "storm"),
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
    processorSeconds: (user + system) / 1e6,
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
}
