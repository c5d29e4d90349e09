import { relative } from "node:path";
import { NotRehearsed } from "./kernel/errors.js";
import type { DeployedStack } from "./program/program.js";
import type { RehearsalOptions } from "./rehearse.js";
import { withSetup } from "./rehearse.js";
import type { ServedStack } from "./report/served.js";
import { servedReport } from "./report/served.js";
import { play } from "./scenario/play/play.js";
import { regionsOf } from "./scenario/setup/relocation.js";
import { emptyScenario, readScenario } from "./scenario/schema/scenario.js";
import type { Environment, EnvironmentSetup } from "./scenario/setup/environment.js";
import { deployEnvironment } from "./scenario/setup/environment.js";
import type { Answered } from "./server/request-dispatcher.js";
import type { ClockSpeed } from "./server/clock-speed.js";
import type { ServedCloud } from "./server/server.js";
import { checkPort, serve } from "./server/server.js";

export interface ServingOptions extends Omit<RehearsalOptions, "scenarios"> {
  /** The initial state and the events before it is served; by default only the deployment. */
  readonly scenario?: string;
  readonly port: number;
  readonly clockSpeed: ClockSpeed;
  /** Whether each call is reported, and not only those that the local cloud does not model. */
  readonly verbose: boolean;
  readonly print: (text: string) => void;
  /** Called for each stack before the cloud is served. */
  readonly onDeployed?: (stack: DeployedStack) => void;
}

/**
 * Deploys the stacks into a local cloud, plays a scenario, and serves the cloud to SDKs and the AWS CLI. `ended` is called
 * when it is served, and it is until that resolves.
 * @throws UserError as `rehearse` does, and where the port cannot be had
 */
export async function serveRehearsal(
  options: ServingOptions,
  ended: () => Promise<unknown>,
): Promise<void> {
  const { port, clockSpeed, print } = options;
  const scenario =
    options.scenario === undefined
      ? emptyScenario()
      : { ...readScenario(options.scenario), file: relative(options.project, options.scenario) };
  await checkPort(port);
  await withSetup(options, async (setup) => {
    options.progress?.(scenario.name);
    const environment = await deployEnvironment(setup, scenario);
    await play(environment, scenario);
    for (const stack of environment.stacks) options.onDeployed?.(stack);
    await new Promise<void>((resolve, reject) => {
      const log = (answered: Answered) => {
        const { error } = answered;
        const isOurs = error instanceof NotRehearsed || error?.code === "InternalFailure";
        if (options.verbose || isOurs) print(callLine(environment, answered));
      };
      serve(environment.cloud, { port, clockSpeed, log, broken: reject })
        .then(async (served) => {
          print(
            servedReport(
              environment,
              served.endpoint,
              clockSpeed,
              stacksOf(setup, environment, served),
            ),
          );
          await ended();
          await served.close();
          print(endLine(environment));
        })
        .then(resolve, reject);
    });
  });
}

/** The stacks that were deployed, each with its home Region in the environment's partition. */
export function stacksOf(
  setup: EnvironmentSetup,
  environment: Environment,
  served: ServedCloud,
): ServedStack[] {
  return environment.stacks.map(({ name, account }) => {
    const file = setup.stacks.find((stack) => stack.name === name);
    const [home = ""] = file === undefined ? [] : regionsOf(setup.project, file);
    const region = environment.regionNamed(home);
    return { name, account, region, variables: served.environment(account, region) };
  });
}

function callLine({ cloud }: Environment, { account, region, call, error }: Answered): string {
  const time = cloud.clock.iso.slice(11, 19);
  const outcome = error === undefined ? "" : ` ${error.code}: ${error.message}`;
  const where = error?.code === "InternalFailure" ? `\n${error.stack ?? ""}` : "";
  return `${time} ${account ?? "-"} ${region ?? "-"} ${call}${outcome}${where}\n`;
}

function endLine({ cloud }: Environment): string {
  const unknown = [...cloud.notRehearsed].map(
    ([operation, times]) => `  ${operation}, ${times} times\n`,
  );
  const list = unknown.length === 0 ? "" : `Not rehearsed:\n${unknown.join("")}`;
  return `\nServed until ${cloud.clock.iso} of the cloud's time.\n${list}`;
}
