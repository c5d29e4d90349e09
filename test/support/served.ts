import { join, resolve } from "node:path";
import type { Programs } from "../../rehearsal/program/programs.js";
import { readProject, readStacks } from "../../rehearsal/program/stack-files.js";
import { play } from "../../rehearsal/scenario/play/play.js";
import type { Scenario } from "../../rehearsal/scenario/schema/scenario.js";
import { readScenario } from "../../rehearsal/scenario/schema/scenario.js";
import type { Environment } from "../../rehearsal/scenario/setup/environment.js";
import { deployEnvironment } from "../../rehearsal/scenario/setup/environment.js";
import { stacksOf } from "../../rehearsal/serve.js";
import type { ClockSpeed } from "../../rehearsal/server/clock-speed.js";
import type { ServedCloud } from "../../rehearsal/server/server.js";
import { serve } from "../../rehearsal/server/server.js";

const PROJECT = resolve(__dirname, "..", "..");

export interface Served extends ServedCloud {
  readonly deployed: Environment;
  /** What SDK clients and the AWS CLI need in the environment to be a stack's operator. */
  env(stack: string): Record<string, string>;
}

export interface ServedOptions {
  /** A file of `scenarios/`, without its ending. */
  readonly scenario: string;
  readonly programs: Programs;
  /** Each request takes a second, so that who polls sees the same on every machine. @default { perRequest: 1000 } */
  readonly clockSpeed?: ClockSpeed;
  readonly change?: (scenario: Scenario) => Scenario;
}

/** Plays a scenario of the project to its end and serves the local cloud in this process. Close it after the test. */
export async function served(options: ServedOptions): Promise<Served> {
  const { programs, clockSpeed = { perRequest: 1000 }, change = (same) => same } = options;
  const project = readProject(PROJECT);
  const stacks = readStacks(project, PROJECT);
  const scenario = change(readScenario(join(PROJECT, "scenarios", `${options.scenario}.yaml`)));
  const environment = await deployEnvironment({ project, stacks, programs }, scenario);
  await play(environment, scenario);
  const cloud = await serve(environment.cloud, {
    clockSpeed,
    log: ({ error }) => {
      if (error?.code === "InternalFailure") throw error;
    },
    broken: (error) => {
      throw error;
    },
  });
  const stacksServed = stacksOf({ project, stacks, programs }, environment, cloud);
  return {
    ...cloud,
    deployed: environment,
    env: (stack) => ({ ...stacksServed.find(({ name }) => name === stack)?.variables }),
  };
}
