import type { Project, StackFile } from "../../program/stack-files.js";
import { publishedVersion } from "../../cloud/services/ssm/agents/published-packages.js";
import type { HostSettings, Settings } from "./settings.js";
import { logOf, settingsOf } from "./settings.js";
import type { Scenario, WrittenScenario } from "../schema/scenario.js";
import { madeScenario } from "../schema/scenario.js";

type WrittenHosts = NonNullable<NonNullable<WrittenScenario["then"]>["hosts"]>;

/**
 * The scenario of the stack files themselves: every host becomes what it asks for, and every schedule, collection and route
 * runs once and ends well.
 */
export function ownScenario(project: Project, stacks: readonly StackFile[]): Scenario {
  const allSettings = stacks.map((stack) => settingsOf(project, stack));
  const members = allSettings.filter(({ role }) => role === "member");
  const hosts = members.flatMap((member) =>
    Object.entries(member.hosts).map(([name, host]) => ({ member, name, host })),
  );
  const launches = members.flatMap(copies);
  const written: WrittenScenario = {
    name: "The stack files, as they are",
    when: [...launches.map(({ launch }) => ({ launch })), { settle: true }, { schedules: "once" }],
    then: {
      hosts: Object.fromEntries([
        ...hosts.map(({ member, name, host }) => {
          const isOnly = hosts.filter((other) => other.name === name).length === 1;
          return [
            isOnly ? name : `${member.stack}/${name}`,
            checkOf(allSettings, member, host),
          ] as const;
        }),
        ...launches.map(({ launch, member, host }) => [
          launch.name,
          checkOf(allSettings, member, host),
        ]),
      ]) as WrittenHosts,
      schedules: Object.fromEntries(
        allSettings.flatMap(timedOf).map((name) => [name, "Success" as const]),
      ),
    },
  };
  return madeScenario(written, stacks.map(({ name }) => `Pulumi.${name}.yaml`).join(", "));
}

/** A host is launched in the first Region; the other ones of a member get one of each platform that is like it. */
function copies(member: Settings) {
  const { hosts, regions, stack } = member;
  const first = (platform: string) =>
    Object.entries(hosts).find(([, host]) => host.enabled && host.platform === platform);
  return regions.slice(1).flatMap((region) =>
    [first("linux"), first("windows")].flatMap((found) => {
      if (found === undefined) return [];
      const [like, host] = found;
      const name = `${stack}-${like}-${region}`;
      const without = ["cf.ec2.bootstrap.hostname", "cf.ec2.bootstrap.domain"];
      return [
        {
          member,
          host: { ...host, domain: undefined, hostname: undefined },
          launch: { name, like: `${stack}/${like}`, region, without },
        },
      ];
    }),
  );
}

/** The state of a host once its tags are applied. */
function checkOf(allSettings: readonly Settings[], member: Settings, host: HostSettings) {
  if (!host.enabled) return { status: "none", packages: {} } as const;
  const { platform, cloudwatch = platform, domain, hostname } = host;
  const isAgentWanted = cloudwatch !== SKIP;
  return {
    status: "Success" as const,
    runs: { last: "Success" as const },
    packages: {
      ...packagesOf(logOf(allSettings, member), host.packages),
      ...(isAgentWanted && { AmazonCloudWatchAgent: publishedVersion("AmazonCloudWatchAgent") }),
      ...(platform === "windows" && { AwsVssComponents: publishedVersion("AwsVssComponents") }),
    },
    ...(isAgentWanted && { cloudwatch }),
    ...(domain !== undefined && { domain }),
    // On Windows the script that renames is parsed, and not executed.
    ...(hostname !== undefined && platform === "linux" && { hostname }),
  };
}

/** What a tag says for none. */
const SKIP = "SKIP";

function packagesOf(log: Settings | undefined, names: readonly string[]): Record<string, string> {
  const { packages = [], prefix = "" } = log ?? {};
  const wanted = names.filter((name) => name !== SKIP);
  return Object.fromEntries(
    wanted.map((name) => {
      const version = packages.find((entry) => entry.name === name)?.version ?? "none";
      return [`${prefix}-package-${name}`, version];
    }),
  );
}

/** What a stack runs on a schedule, by the names in AWS. */
function timedOf({ collect, prefix, role, routes, schedules, stack }: Settings): string[] {
  if (role === "log") return routes.map(({ name }) => `${stack}/${prefix}-route-${name}`);
  return [
    ...Object.keys(schedules).map((name) => `${stack}/${prefix}-${name}`),
    ...Object.keys(collect).map((name) => `${stack}/${prefix}-collect-${name}`),
  ];
}
