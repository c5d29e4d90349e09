import { resolve } from "node:path";
import { Programs } from "../rehearsal/program/programs.js";
import { readProject, readStacks } from "../rehearsal/program/stack-files.js";
import { play } from "../rehearsal/scenario/play/play.js";
import type { Scenario } from "../rehearsal/scenario/schema/scenario.js";
import { readScenario } from "../rehearsal/scenario/schema/scenario.js";
import { deployEnvironment } from "../rehearsal/scenario/setup/environment.js";

export interface AccountFigures {
  readonly stacks: number;
  readonly hosts: number;
  /** Accounts in which the run succeeded. */
  readonly succeeded: number;
  /** Real seconds for the deployment of all stacks, and for the run with the registration of the hosts. */
  readonly deployment: number;
  readonly run: number;
  /** Processor time of this process in the run; the programs have processes of their own. */
  readonly processorSeconds: number;
  readonly virtualSeconds: number;
  /** Peak resident memory of the process, MiB. */
  readonly peakMemory: number;
}

/** Deploys a hundred accounts and runs a script on as many hosts in each: `scenarios/run-many-accounts.yaml`. */
export async function measureAccounts(project: string, hosts: number): Promise<AccountFigures> {
  const from = readProject(project);
  const scenario = withHosts(
    readScenario(resolve(project, "scenarios", "run-many-accounts.yaml")),
    hosts,
  );
  const programs = new Programs();
  const begun = process.hrtime.bigint();
  const environment = await deployEnvironment(
    { project: from, stacks: readStacks(from, project), programs },
    scenario,
  );
  await programs.close();
  const deployment = secondsSince(begun);
  const start = process.hrtime.bigint();
  const used = process.cpuUsage();
  const { clock, ec2, ssm } = environment.cloud;
  const before = clock.now;
  await play(environment, scenario);
  const { user, system } = process.cpuUsage(used);
  const parent = [...ssm.automations.executions.all()].find(
    ({ multiTarget }) => multiTarget !== undefined,
  );
  return {
    stacks: environment.stacks.length,
    hosts: [...ec2.instances.all()].length,
    succeeded: (parent?.steps ?? []).filter(({ status }) => status === "Success").length,
    deployment,
    run: secondsSince(start),
    processorSeconds: (user + system) / 1e6,
    virtualSeconds: (clock.now - before) / 1000,
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
}

function withHosts(scenario: Scenario, count: number): Scenario {
  const members = scenario.given.members.map((member) => ({
    ...member,
    hosts: { tags: {}, ...member.hosts, count },
  }));
  return { ...scenario, given: { ...scenario.given, members } };
}

const secondsSince = (start: bigint) => Number(process.hrtime.bigint() - start) / 1e9;
