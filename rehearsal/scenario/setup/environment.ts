import { Cloud } from "../../cloud/cloud.js";
import { partitionNamed } from "../../kernel/partition.js";
import type { HostRuntime } from "../../host/host.js";
import type { DeployedStack } from "../../program/program.js";
import type { Programs } from "../../program/programs.js";
import type { Member } from "./members.js";
import { membersOf, placeHosts } from "./members.js";
import type { Deployed as Placed } from "./organization.js";
import { organizationOf } from "./organization.js";
import type { Scenario } from "../schema/scenario.js";
import { milliseconds } from "../schema/scenario.js";
import type { Project, StackFile } from "../../program/stack-files.js";
import { regionsOf, Relocation } from "./relocation.js";
import type { Settings } from "./settings.js";
import { settingsOf } from "./settings.js";
import { addGivenVpcs, addParameters, surround } from "./surround.js";
import type { Surroundings } from "./surroundings.js";
import { surroundingsOf } from "./surroundings.js";
import { UserError } from "../../../lib/user-error.js";

/** A local cloud with the stacks deployed in it: where a scenario is played. */
export interface Environment {
  readonly cloud: Cloud;
  readonly stacks: readonly DeployedStack[];
  /** What a Region of the stack files and the scenario is called in the environment's partition. */
  readonly regionNamed: (name: string) => string;
}

/** What an environment is built from. */
export interface EnvironmentSetup {
  readonly project: Project;
  readonly stacks: readonly StackFile[];
  readonly programs: Programs;
  /** Instead of the partition in the stack files. */
  readonly partition?: string;
  readonly hostRuntime?: HostRuntime;
}

/**
 * Makes a local cloud with what the scenario says is there before, and deploys every stack into it.
 * @throws UserError where a program or AWS refuses.
 */
export async function deployEnvironment(
  setup: EnvironmentSetup,
  scenario: Scenario,
): Promise<Environment> {
  for (const key of ["config", "credentials", "parameters"] as const) {
    for (const name of Object.keys(scenario.given[key])) checkStack(setup, scenario, key, name);
  }
  const listed = setup.stacks.map((stack) => configured(setup, stack, scenario));
  const members = membersOfScenario(setup, scenario, listed);
  const asWritten = [...listed, ...members.map(({ stack }) => stack)];
  const target = setup.partition === undefined ? undefined : partitionNamed(setup.partition);
  const relocation = new Relocation(setup.project, target, asWritten);
  const files = asWritten.map((stack) => relocation.stack(stack));
  // The others are checked one by one, as they are deployed: there may be hundreds.
  await setup.programs.check(setup.project, files.slice(0, listed.length));
  const partition = partitionNamed(textOf(files[0], setup.project, "partition") ?? "aws");
  const { hostRuntime } = setup;
  const around = surroundingsOf(namedBy(setup, relocation, files));
  const organization = organizationOf(
    scenario.given.organization,
    files.map((stack, index) => placed(setup.project, stack, members[index - listed.length])),
    around.accounts,
  );
  const cloud = new Cloud({ partition, organization, ...(hostRuntime && { hostRuntime }) });
  const { identityCenter = around.identityCenter } = scenario.given;
  if (identityCenter !== undefined) cloud.identityCenter.administrator = identityCenter;
  for (const [name, conditions] of Object.entries(scenario.given.hosts)) {
    const { agent, files: contents } = conditions;
    cloud.hostConditions.set(name, {
      ...(typeof agent === "string" && { agent }),
      ...(typeof agent === "object" && { offlineFor: milliseconds(agent.offlineFor) }),
      ...(contents !== undefined && { files: contents }),
    });
  }
  surround(cloud, around, scenario);
  const stacks = await deploy({ setup, scenario, cloud, around, files, listed: listed.length });
  for (const [index, { hosts }] of members.entries()) {
    const stack = stacks[listed.length + index];
    const [region] = regionsOf(setup.project, files[listed.length + index] as StackFile);
    if (hosts !== undefined && stack !== undefined && region !== undefined)
      placeHosts(cloud, stack, region, hosts);
  }
  return { cloud, stacks, regionNamed: (name) => relocation.region(name) };
}

/**
 * What the stack files name, in the Regions that the stacks are deployed in. What a scenario sets instead of them is not
 * there unless the scenario gives it.
 */
function namedBy(
  { project, stacks }: EnvironmentSetup,
  relocation: Relocation,
  files: readonly StackFile[],
): Settings[] {
  return files.map((file, index) => {
    const listed = stacks[index];
    const written = listed === undefined ? file : relocation.stack(listed);
    return { ...settingsOf(project, written), regions: [...regionsOf(project, file)] };
  });
}

function membersOfScenario(
  { project, stacks }: EnvironmentSetup,
  { file, given }: Scenario,
  listed: readonly StackFile[],
): Member[] {
  const like = (name: string) => {
    const found = listed.find((stack) => stack.name === name);
    if (found !== undefined) return found;
    const known = stacks.map((stack) => stack.name).join(", ");
    throw new UserError(
      `${file}: given.members: like: there is no stack ${name}; the stacks are ${known}`,
    );
  };
  const taken = listed.flatMap((stack) => [stack.name, accountOf(project, stack)]);
  return membersOf(given.members, project.name, like, new Set(taken));
}

/** A stack as the organisation sees it. */
function placed(project: Project, stack: StackFile, member: Member | undefined): Placed {
  return {
    stack: stack.name,
    account: accountOf(project, stack),
    isLog: textOf(stack, project, "role") === "log",
    ...(member?.unit !== undefined && { unit: member.unit }),
  };
}

interface Deployment {
  readonly setup: EnvironmentSetup;
  readonly scenario: Scenario;
  readonly cloud: Cloud;
  readonly around: Surroundings;
  readonly files: readonly StackFile[];
  /** How many of the stacks have a file; the others come after them and are nobody's reference. */
  readonly listed: number;
}

/** Deploys all stacks, in their order; while one is deployed, the next one's program gets ready. */
async function deploy(deployment: Deployment): Promise<DeployedStack[]> {
  const { around, cloud, files, listed, scenario, setup } = deployment;
  const { given } = scenario;
  const stacks: DeployedStack[] = [];
  for (const [index, stack] of files.entries()) {
    const next = files[index + 1];
    const ready = next === undefined ? undefined : setup.programs.check(setup.project, [next]);
    // Problems of the next one are reported when its turn comes.
    ready?.catch(() => undefined);
    const account = accountOf(setup.project, stack);
    for (const region of regionsOf(setup.project, stack)) {
      addGivenVpcs(cloud, scenario, account, region);
      for (const [id, directory] of Object.entries(given.directories))
        cloud.directoryService.add(account, region, { id, ...directory });
      addParameters(cloud, { account, region }, stack.name, scenario);
    }
    const run = {
      cloud,
      project: setup.project,
      stack,
      credentials: given.credentials[stack.name] ?? account,
      cacheInputs: [given.vpcs, given.parameters, given.identityCenter, around],
      before: stacks.slice(0, listed),
    };
    stacks.push(await setup.programs.run(run));
    await ready;
  }
  return stacks;
}

/** A name of a stack that is misspelt would change nothing, and nobody would see it. */
function checkStack(
  { stacks }: EnvironmentSetup,
  { file }: Scenario,
  key: string,
  name: string,
): void {
  const known = stacks.map((stack) => stack.name);
  if (known.includes(name)) return;
  throw new UserError(
    `${file}: given.${key}.${name}: there is no stack of that name; the stacks are ${known.join(", ")}`,
  );
}

/** The stack's settings with what the scenario says instead. */
function configured(
  { project }: EnvironmentSetup,
  stack: StackFile,
  scenario: Scenario,
): StackFile {
  const instead = scenario.given.config[stack.name];
  if (instead === undefined) return stack;
  const config: Record<string, unknown> = { ...stack.config };
  for (const [key, value] of Object.entries(instead)) {
    config[key.includes(":") ? key : `${project.name}:${key}`] = value;
  }
  // A mistake can be in either.
  return { ...stack, config, file: `${stack.file}, and given.config of ${scenario.file}` };
}

/** A setting that is a text; the program refuses anything else. */
function textOf(stack: StackFile | undefined, project: Project, key: string): string | undefined {
  const value = stack?.config[`${project.name}:${key}`];
  return typeof value === "string" ? value : undefined;
}

function accountOf(project: Project, stack: StackFile): string {
  return textOf(stack, project, "account") ?? "";
}
