import { resolve } from "node:path";
import { Bash } from "just-bash";
import { play } from "../rehearsal/scenario/play/play.js";
import { Programs } from "../rehearsal/program/programs.js";
import type { Scenario } from "../rehearsal/scenario/schema/scenario.js";
import { readScenario } from "../rehearsal/scenario/schema/scenario.js";
import { readProject, readStacks } from "../rehearsal/program/stack-files.js";
import { deployEnvironment } from "../rehearsal/scenario/setup/environment.js";

export interface BootstrapFigures {
  readonly hosts: number;
  /** Real seconds from the first launch until the last host is bootstrapped. */
  readonly seconds: number;
  /** Seconds of processor time of the same. */
  readonly processorSeconds: number;
  readonly perSecond: number;
  /** Peak resident memory of the process, MiB. */
  readonly peakMemory: number;
  /** Virtual seconds of the same. */
  readonly virtualSeconds: number;
  /** API calls that were authorised and answered. */
  readonly calls: number;
  /** Seconds for the baseline: an in-memory shell for each host that does nothing but run the install script. */
  readonly shellSeconds: number;
}

/** Bootstraps hosts in the rehearsal, and runs just the install script for as many hosts, in the same process. */
export async function measureBootstraps(project: string, hosts: number): Promise<BootstrapFigures> {
  const from = readProject(project);
  const scenario = withLaunches(
    readScenario(resolve(project, "scenarios", "bootstrap.yaml")),
    hosts,
  );
  const setup = { project: from, stacks: readStacks(from, project), programs: new Programs() };
  const environment = await deployEnvironment(setup, scenario);
  const start = process.hrtime.bigint();
  const used = process.cpuUsage();
  await play(environment, scenario);
  const seconds = secondsSince(start);
  const { user, system } = process.cpuUsage(used);
  const bootstrapped = [...environment.cloud.ec2.instances.all()].filter(
    ({ tags }) => tags.get("cf.ec2.bootstrap-status") === "Success",
  );
  if (bootstrapped.length !== hosts) {
    throw new Error(
      `${bootstrapped.length} of ${hosts} hosts were bootstrapped; the figure would mean nothing`,
    );
  }
  const { clock, calls } = environment.cloud;
  return {
    hosts,
    seconds,
    processorSeconds: (user + system) / 1e6,
    perSecond: hosts / seconds,
    peakMemory: process.resourceUsage().maxRSS / 1024,
    virtualSeconds: (clock.now - (calls[0]?.time ?? clock.now)) / 1000,
    calls: calls.length,
    shellSeconds: await measureShells(hosts),
  };
}

/** One package, and nothing of AWS's own: what the baseline does as well. */
const HOSTS = { web: { platform: "linux", packages: ["fleet-facts"], cloudwatch: "SKIP" } };

/** The scenario with as many Linux hosts as wanted, one of which the stack launches itself. */
function withLaunches(scenario: Scenario, hosts: number): Scenario {
  const given = { ...scenario.given, config: { member: { hosts: HOSTS } } };
  if (hosts < 2) return { ...scenario, given };
  const launch = {
    name: "web",
    like: "web",
    tags: {},
    without: [],
    count: hosts - 1,
  };
  return { ...scenario, given, when: [{ launch }] };
}

async function measureShells(hosts: number): Promise<number> {
  const start = process.hrtime.bigint();
  for (let host = 0; host < hosts; host++) {
    const files = { "/package/fleet-facts": "#!/bin/sh\n", "/usr/local/bin/.keep": "" };
    const shell = new Bash({ files });
    await shell.exec(
      "cp fleet-facts /usr/local/bin/fleet-facts && chmod 0755 /usr/local/bin/fleet-facts",
      {
        cwd: "/package",
      },
    );
  }
  return secondsSince(start);
}

function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}
