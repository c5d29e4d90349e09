import { Programs } from "../rehearsal/program/programs.js";
import type { Scenario } from "../rehearsal/scenario/schema/scenario.js";
import { Rehearsed, withMembers } from "../cli/test/run/rehearsed.js";

/** The cost of a run over many accounts. */
export interface RunMeasure {
  readonly accounts: number;
  readonly hosts: number;
  /** Of these, how many the run found well. */
  readonly well: number;
  /** To deploy every member and to have its hosts. */
  readonly deploymentSeconds: number;
  /** Of `fleet run`, from the plan to the answers by group. */
  readonly seconds: number;
  readonly processorSeconds: number;
  /** In the local cloud's time. */
  readonly virtualMinutes: number;
  /** MiB, of the command and the served cloud, which are one process here. */
  readonly peakMemory: number;
  readonly answers: number;
}

/** `fleet run` against a served rehearsal with so many accounts, each with so many hosts. */
export async function measureRun(accounts: number, hosts: number): Promise<RunMeasure> {
  const programs = new Programs();
  const ids = Array.from({ length: accounts }, (_, index) => String(300_000_000_001 + index));
  const begun = performance.now();
  const aws = await Rehearsed.start({ scenario: "bootstrap", programs, change: many(ids, hosts) });
  try {
    const { clock } = aws.cloud.deployed.cloud;
    const deploymentSeconds = (performance.now() - begun) / 1000;
    const [started, before, virtual] = [performance.now(), process.cpuUsage(), clock.now];
    const args = ["--command", "uname -r", "--target", "tag:Role=web", "--max-concurrency", "100"];
    const { out } = await aws.fleet([...args, "--location-concurrency", "50", "--yes", "--json"]);
    const { user, system } = process.cpuUsage(before);
    const result = JSON.parse(out) as {
      locations: { hosts: { status: string }[] }[];
      answers: unknown[];
    };
    const records = result.locations.flatMap((location) => location.hosts);
    return {
      accounts,
      hosts: records.length,
      well: records.filter(({ status }) => status === "Success").length,
      deploymentSeconds,
      seconds: (performance.now() - started) / 1000,
      processorSeconds: (user + system) / 1e6,
      virtualMinutes: (clock.now - virtual) / 60_000,
      peakMemory: process.resourceUsage().maxRSS / 1024,
      answers: result.answers.length,
    };
  } finally {
    await aws.close();
    await programs.close();
  }
}

const many =
  (ids: readonly string[], hosts: number) =>
  (scenario: Scenario): Scenario => {
    const { given, ...rest } = withMembers(scenario);
    const config = { ...given.config, log: { ...given.config["log"], runAccounts: [...ids] } };
    const members = given.members.map((member) => ({
      ...member,
      accounts: [...ids],
      hosts: { count: hosts, tags: { Role: "web" } },
    }));
    return { ...rest, given: { ...given, config, members } };
  };
