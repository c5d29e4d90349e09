import { expect } from "chai";
import { messageOf } from "../../rehearsal/kernel/errors.js";
import type { TimelineEntry } from "../../rehearsal/kernel/timeline.js";
import type { Shell } from "../../rehearsal/host/shells.js";
import { openShell, SHELLS } from "../../rehearsal/host/shells.js";
import { Programs } from "../../rehearsal/program/programs.js";
import { readProject, readStacks } from "../../rehearsal/program/stack-files.js";
import { checkScenario, packagesOf, runsOf } from "../../rehearsal/scenario/check/check.js";
import { STATUS_TAG } from "../../rehearsal/scenario/product.js";
import { play } from "../../rehearsal/scenario/play/play.js";
import type { Scenario } from "../../rehearsal/scenario/schema/scenario.js";
import { readScenario } from "../../rehearsal/scenario/schema/scenario.js";
import type { Environment } from "../../rehearsal/scenario/setup/environment.js";
import { deployEnvironment } from "../../rehearsal/scenario/setup/environment.js";
import { hostName, hostsOf } from "../../rehearsal/scenario/setup/lookup.js";
import { UserError } from "../../lib/user-error.js";
import { withBubblewrap } from "../support/bubblewrap.js";
import { PROJECT, scenarioFile, SCENARIOS } from "../support/scenarios.js";

/** Tools say in words of their own why they fail; where and when it happens is the same. */
const wordsInBoth = ({ kind, text }: TimelineEntry): string =>
  kind === "failure" ? text.replace(/: .*$/s, "") : text;

/** What a script can see and only the real shell has as it is: no socket listens in an empty network. */
const asInBoth = (output: string): string => output.replace(/"listeningPorts":\[[^\]]*\]/, "");

describe("every scenario but the storms, in the built-in shell and in bubblewrap", function () {
  this.timeout(240_000);
  withBubblewrap();
  const programs = new Programs();
  after(() => programs.close());

  /** How a scenario ends: verdicts, hosts with their tags, what happened, and what the hosts' commands print. */
  async function ending(scenario: Scenario, shell: Shell): Promise<unknown> {
    const project = readProject(PROJECT);
    const hosts = openShell(shell);
    const { makeMachine } = hosts;
    try {
      const setup = {
        project,
        stacks: readStacks(project, PROJECT),
        programs,
        hostRuntime: { makeMachine },
      };
      const environment = await deployEnvironment(setup, scenario);
      await play(environment, scenario);
      const results = await checkScenario(environment, scenario);
      const { timeline, notRehearsed } = environment.cloud;
      const happened = timeline.map((entry) => ({ ...entry, text: wordsInBoth(entry) }));
      return {
        results,
        happened,
        notRehearsed: [...notRehearsed],
        hosts: await timelineOf(environment, scenario),
      };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return messageOf(error);
    } finally {
      hosts.close();
    }
  }

  const timelineOf = (environment: Environment, scenario: Scenario) =>
    Promise.all(
      hostsOf(environment).map(async (instance) => {
        const { account, region, id, tags } = instance;
        const host = environment.cloud.ssm.agents.host(account, region, id);
        const checks = scenario.then.hosts[hostName(instance)]?.commands ?? [];
        const outputs: unknown[] = [];
        for (const { command } of host?.machine === undefined ? [] : checks) {
          const { stdout, exitCode } = (await host?.run(command)) ?? {};
          outputs.push({ command, exitCode, stdout: asInBoth(stdout ?? "") });
        }
        const statuses = runsOf(environment, instance).map(({ status }) => status);
        const own = [...tags].filter(([key]) => key !== `${STATUS_TAG}.message`);
        return { id, tags: own, packages: packagesOf(environment, instance), statuses, outputs };
      }),
    );

  for (const file of SCENARIOS) {
    it(`ends the same: ${file}`, async () => {
      const scenario = readScenario(scenarioFile(file));
      const [builtIn, bubblewrap] = [
        await ending(scenario, SHELLS[0]),
        await ending(scenario, SHELLS[1]),
      ];
      expect(bubblewrap).to.deep.equal(builtIn);
    });
  }
});
