import type { Environment } from "../scenario/setup/environment.js";
import { hostName, hostsOf } from "../scenario/setup/lookup.js";
import type { ClockSpeed } from "../server/clock-speed.js";

/** A stack of a served cloud, and what its operator has in the environment. */
export interface ServedStack {
  readonly name: string;
  readonly account: string;
  /** Its home Region. */
  readonly region: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** So many accounts are written out. */
const MAX_HOSTS_LISTED = 12;

/** What a person needs to work in a served cloud. */
export function servedReport(
  environment: Environment,
  endpoint: string,
  clockSpeed: ClockSpeed,
  stacks: readonly ServedStack[],
): string {
  const { cloud } = environment;
  const speed =
    "speed" in clockSpeed
      ? `${clockSpeed.speed} times as fast as the clock on the wall`
      : `${clockSpeed.perRequest} ms with each request`;
  const shown = stacks.slice(0, MAX_HOSTS_LISTED);
  const more = stacks.length - shown.length;
  return [
    `The local cloud is served at ${endpoint}. Ctrl-C ends it.`,
    `Its time is ${cloud.clock.iso}; it goes on ${speed}.`,
    "",
    ...shown.flatMap((stack) => about(environment, stack)),
    ...(more > 0
      ? [
          `and ${more} more stacks; every account's key is AKIALOCL<account>, with the same secret`,
          "",
        ]
      : []),
    "",
  ].join("\n");
}

function about(
  environment: Environment,
  { name, account, region, variables }: ServedStack,
): string[] {
  const resources = environment.stacks.find((stack) => stack.name === name)?.resources.length ?? 0;
  const hosts = hostsOf(environment).filter((host) => host.account === account);
  const listed = hosts.slice(0, MAX_HOSTS_LISTED).map((host) => `${hostName(host)} ${host.id}`);
  const rest =
    hosts.length > MAX_HOSTS_LISTED ? [`and ${hosts.length - MAX_HOSTS_LISTED} more`] : [];
  const exported = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  return [
    `# ${name}: account ${account}, ${region}, ${resources} resources`,
    ...(hosts.length > 0 ? [`# hosts: ${[...listed, ...rest].join(", ")}`] : []),
    // A token or a profile of the real AWS that is still there would win, or be sent here.
    `unset AWS_PROFILE AWS_SESSION_TOKEN; export ${exported.join(" ")}`,
    "",
  ];
}
