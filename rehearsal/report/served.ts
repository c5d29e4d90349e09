import type { Stage } from "../scenario/setup/environment.js";
import { hostName, hostsOf } from "../scenario/setup/environment.js";
import type { ServedStack } from "../serve.js";
import type { Pace } from "../server/clock-speed.js";

/** So many accounts are written out. */
const MOST = 12;

/** What a person needs who wants to work in a served cloud. */
export function servedReport(
  stage: Stage,
  endpoint: string,
  pace: Pace,
  stacks: readonly ServedStack[],
): string {
  const { cloud } = stage;
  const speed =
    "speed" in pace
      ? `${pace.speed} times as fast as the clock on the wall`
      : `${pace.perRequest} ms with each request`;
  const shown = stacks.slice(0, MOST);
  const more = stacks.length - shown.length;
  return [
    `The local cloud is served at ${endpoint}. Ctrl-C ends it.`,
    `Its time is ${cloud.clock.iso}; it goes on ${speed}.`,
    "",
    ...shown.flatMap((stack) => about(stage, stack)),
    ...(more > 0 ? [`and ${more} more stacks; every account's key is AKIALOCL<account>`, ""] : []),
    "",
  ].join("\n");
}

function about(stage: Stage, { name, account, region, environment }: ServedStack): string[] {
  const resources = stage.stacks.find((stack) => stack.name === name)?.resources.length ?? 0;
  const hosts = hostsOf(stage).filter((host) => host.account === account);
  const listed = hosts.slice(0, MOST).map((host) => `${hostName(host)} ${host.id}`);
  const rest = hosts.length > MOST ? [`and ${hosts.length - MOST} more`] : [];
  const exported = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  return [
    `# ${name}: account ${account}, ${region}, ${resources} resources`,
    ...(hosts.length > 0 ? [`# hosts: ${[...listed, ...rest].join(", ")}`] : []),
    // A token or a profile of the real AWS that is still there would win, or be sent here.
    `unset AWS_PROFILE AWS_SESSION_TOKEN; export ${exported.join(" ")}`,
    "",
  ];
}
