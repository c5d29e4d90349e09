import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Cloud } from "../../../rehearsal/cloud/cloud.js";
import type { PolicyDocument } from "../../../rehearsal/kernel/access.js";
import type { Programs } from "../../../rehearsal/program/programs.js";
import { readProject, readStacks } from "../../../rehearsal/program/stack-files.js";
import { play } from "../../../rehearsal/scenario/play/play.js";
import type { Scenario } from "../../../rehearsal/scenario/schema/scenario.js";
import { readScenario } from "../../../rehearsal/scenario/schema/scenario.js";
import type { Environment } from "../../../rehearsal/scenario/setup/environment.js";
import { deployEnvironment } from "../../../rehearsal/scenario/setup/environment.js";
import { hostNamed } from "../../../rehearsal/scenario/setup/lookup.js";
import { sdkConfig } from "../../../rehearsal/server/request-handler.js";
import { ONE_HOST } from "../../../test/support/one-host.js";
import type { CommandResult } from "../support.js";
import { fleet } from "../support.js";

const PROJECT = resolve(__dirname, "..", "..", "..");

/** A member in the local cloud, and `fleet` with its queues and its operator's credentials. */
export class Member {
  private constructor(
    readonly environment: Environment,
    private readonly folder: string,
    readonly account: string,
    /** Gives the roles back what a fault of the scenario has taken. */
    readonly heal: () => void,
  ) {}

  /** Plays a scenario of the project, with one host, to its end. */
  static async after(
    scenario: string,
    programs: Programs,
    folder: string,
    change: (scenario: Scenario) => Scenario = (same) => same,
  ): Promise<Member> {
    const project = readProject(PROJECT);
    const stacks = readStacks(project, PROJECT);
    const read = readScenario(join(PROJECT, "scenarios", `${scenario}.yaml`));
    const config = { ...read.given.config, member: { hosts: ONE_HOST } };
    const played = change({ ...read, given: { ...read.given, config } });
    const environment = await deployEnvironment({ project, stacks, programs }, played);
    const stack = environment.stacks.find(({ name }) => name === "member");
    if (stack === undefined) throw new Error("there is no member");
    const heal = policiesOf(environment.cloud, stack.account);
    await play(environment, played);
    writeFileSync(join(folder, "outputs.json"), JSON.stringify(stack.outputs));
    return new Member(environment, folder, stack.account, heal);
  }

  get cloud(): Cloud {
    return this.environment.cloud;
  }

  host(name = "web") {
    return hostNamed(this.environment, name);
  }

  /** `fleet bootstrap …` for this member. */
  fleet(
    args: readonly string[],
    ask?: (question: string) => Promise<string>,
  ): Promise<CommandResult> {
    return fleet(PROJECT, ["bootstrap", ...args, "--outputs", "outputs.json"], {
      folder: this.folder,
      sdk: (region) => sdkConfig(this.cloud, this.account, region),
      ...(ask !== undefined && { ask }),
    });
  }

  /** Messages that are left in the member's queues. */
  left(): number {
    return this.cloud.sqs.all.reduce((sum, { messages }) => sum + messages.length, 0);
  }

  /** Messages that anybody could have now. */
  visible(): number {
    const { now } = this.cloud.clock;
    return this.cloud.sqs.all
      .flatMap(({ messages }) => messages)
      .filter(({ visible }) => visible <= now).length;
  }
}

/** Remembers the policies of an account's roles; what it gives back puts them there again. */
function policiesOf({ iam }: Cloud, account: string): () => void {
  const roles = iam.roleNames(account).map((name) => iam.role(account, name));
  const before = roles.map(({ inline }) => new Map<string, PolicyDocument>(inline));
  return () => {
    for (const [index, role] of roles.entries()) {
      for (const [name, document] of before[index] ?? []) role.inline.set(name, document);
      delete role.effective;
    }
  };
}
