// Stack files as people write them who have replaced the example's ids, names and hosts by their own.
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { lockReleases } from "../../cli/packages/lock.js";
import { printLock } from "../../packing/lock-file.js";
import { parseConfig } from "../../stacks/config.js";
import { projectAt } from "../../stacks/config/project.js";
import { PROJECT } from "./scenarios.js";

export type Settings = Record<string, unknown>;
/** Settings by stack, without their namespace. */
export type Stacks = Readonly<Record<string, Settings>>;

const example = (stack: string): Settings => {
  const text = readFileSync(join(PROJECT, `Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(text) as { config: Settings };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^fleet:/, ""), value]),
  );
};

/** The example's stacks with other settings. */
export const own = (member: Settings = {}, log: Settings = {}): Stacks => ({
  log: { ...example("log"), ...log },
  member: { ...example("member"), ...member },
});

/** Writes stack files into a folder, and the lock of the packages as `npm run packages:lock` does. */
export function writeStacks(folder: string, stacks: Stacks): void {
  const lock = join(folder, "packages.lock.json");
  for (const [stack, own] of Object.entries(stacks)) {
    const packagesLock = relative(PROJECT, lock);
    const isLog = own["role"] === "log";
    const settings = isLog ? { ...own, packagesLock } : own;
    if (isLog) writeFileSync(lock, lockOf(settings));
    const entries = Object.entries(settings).map(([key, value]) => [`fleet:${key}`, value]);
    const config = Object.fromEntries(entries) as Settings;
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  }
}

function lockOf(settings: Settings): string {
  const parsed = parseConfig(settings, { ...projectAt(PROJECT), checkLock: false });
  if (parsed.role !== "log") throw new Error("expected the settings of a log stack");
  return printLock(lockReleases({}, parsed).lock);
}

const linux = { platform: "linux", packages: ["fleet-facts"] };
const windows = { platform: "windows", packages: ["fleet-facts"] };

/** A package of one's own. */
const agent = (values: Settings = {}): Settings => ({
  name: "acme-agent",
  version: "4.2.0",
  executable: "packages/fleet-facts/fleet-facts",
  os: "linux",
  architecture: "_any",
  install: "cp fleet-facts /usr/local/bin/acme-agent && chmod 0755 /usr/local/bin/acme-agent",
  uninstall: "rm -f /usr/local/bin/acme-agent",
  share: "*",
  ...values,
});

const share = "*";
const facts = (version: string) =>
  (example("log")["packages"] as Settings[]).map((entry) => ({ ...entry, version, share }));

const nightly = { schedule: "cron(0 3 ? * * *)", timeZone: "Europe/Berlin" };
const schedules = {
  facts: { script: "facts", kind: "association", schedule: "rate(1 day)" },
  ports: { script: "listening-ports", ...nightly, parameters: { Protocol: "udp" } },
  hello: {
    document: "AWS-RunShellScript",
    parameters: { commands: "id" },
    target: "tag:Name=web",
    ...nightly,
  },
};
const collect = {
  reboots: {
    script: "pending-reboot",
    target: "tag:Name=web",
    ...nightly,
    inventory: "Custom:PendingReboot",
    compliance: {
      type: "Custom:Reboot",
      rules: [{ field: "pending", operator: "equals", value: false }],
    },
  },
};
const routes = {
  routes: [
    {
      name: "unreached",
      query: "no-answer",
      parameters: ["schedule-ports"],
      schedule: "cron(0 6 * * ? *)",
      rules: [{ topic: "operators" }],
    },
  ],
  routeTopics: { operators: ["ops@acme.example"] },
};

/** What somebody has instead of the example, and what the rehearsal of it cannot show. */
export interface OwnConfig {
  readonly stacks: Stacks;
  readonly notRehearsed?: readonly string[];
}

export const OWN_CONFIGS: Readonly<Record<string, OwnConfig>> = {
  "the example": { stacks: own() },
  "a VPC by id, and subnets by id and by name": {
    stacks: own({
      vpc: "vpc-0abc1234def567890",
      hosts: {
        web: { ...linux, subnet: "subnet-0123456789abcdef0" },
        db: { ...linux, subnet: "app-private-1a" },
      },
    }),
  },
  "a VPC by name, and hosts renamed": {
    stacks: own({ vpc: "prod-vpc", hosts: { "app-1": linux, dc: windows } }),
  },
  "no hosts at all": { stacks: own({ hosts: {}, vpc: "" }) },
  "Windows only": { stacks: own({ hosts: { fs: windows } }) },
  "a host that is not enabled, one without packages, one without CloudWatch, one of arm64": {
    stacks: own({
      hosts: {
        off: { ...linux, enabled: false },
        bare: { platform: "linux" },
        quiet: { ...linux, cloudwatch: "SKIP", instanceType: "t4g.small" },
      },
    }),
  },
  "another organisation, prefix and account ids": {
    stacks: own(
      { account: "987654321098", prefix: "acme", logStack: "acme/fleet/log" },
      {
        account: "123456789012",
        prefix: "acme",
        runAccounts: ["987654321098"],
        packages: facts("1.0.0"),
      },
    ),
  },
  "a new version of the package, locked": {
    stacks: own({}, { packages: facts("1.1.0") }),
  },
  "a package of one's own with a secret": {
    stacks: own(
      { hosts: { web: { platform: "linux", packages: ["acme-agent", "fleet-facts"] } } },
      { packages: [agent({ secrets: { ACME_TOKEN: "/acme/agent/token" } }), ...facts("1.0.0")] },
    ),
  },
  "a key of another account": {
    stacks: own(
      {},
      {
        kmsKeyArn: "arn:aws:kms:eu-central-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      },
    ),
  },
  "a domain, and names for hosts": {
    stacks: own({
      hosts: {
        web: { ...linux, hostname: "acme-web-1" },
        fs: { ...windows, hostname: "ACME-FS-1", domain: "d-9067abcdef" },
      },
    }),
  },
  "a second member, with a host of the same name": {
    stacks: {
      ...own({}, { runAccounts: ["222222222222", "444444444444"], packages: facts("1.0.0") }),
      payments: {
        ...own().member,
        account: "444444444444",
        vpc: "payments-vpc",
        hosts: { web: linux, db: linux },
      },
    },
  },
  "a VPC that two members share": {
    stacks: {
      ...own(
        { vpc: "vpc-0abc1234def567890", endpoints: ["*"], endpointAccounts: ["444444444444"] },
        { packages: facts("1.0.0") },
      ),
      payments: { ...own().member, account: "444444444444", vpc: "vpc-0abc1234def567890" },
    },
  },
  "a second Region": {
    stacks: own(
      { regions: ["eu-west-1", "us-east-1"], schedules },
      { regions: ["eu-west-1", "us-east-1"] },
    ),
  },
  "schedules, collections and a route": { stacks: own({ schedules, collect }, routes) },
  "a collection that asks Windows hosts as well": {
    stacks: own({ collect: { reboots: { ...collect.reboots, target: "all" } } }),
    notRehearsed: ["what cf-script-pending-reboot answers on Windows"],
  },
  "schedules that find no host here": {
    stacks: own({
      schedules: { ports: { ...schedules.ports, target: "tag:Role=batch" } },
    }),
    notRehearsed: ["cf-ports: no host of the stack files fits its target"],
  },
  "a schedule for a resource group, and one months away": {
    stacks: own({
      schedules: {
        ports: { ...schedules.ports, target: "resource-group:web-servers" },
        yearly: { script: "facts", schedule: "cron(0 4 1 12 ? *)" },
      },
    }),
  },
  "a runbook and a document of one's own": {
    stacks: own({
      schedules: {
        patch: {
          runbook: "Acme-PatchAll",
          parameters: { AutomationAssumeRole: "arn:aws:iam::222222222222:role/acme-patching" },
          ...nightly,
        },
        clean: { document: "Acme-CleanUp", target: "tag:Name=web", ...nightly },
      },
    }),
    notRehearsed: ["document Acme-CleanUp", "document Acme-PatchAll"],
  },
  "people of IAM Identity Center, and of roles": {
    stacks: own(
      {
        sessionUsers: { principals: ["arn:aws:iam::222222222222:role/acme-operators"], mfa: true },
      },
      {
        identityCenter: {
          accounts: ["222222222222", "555555555555"],
          groupId: "a0b1c2d3-1111-2222-3333-444455556666",
        },
        runners: { principals: ["arn:aws:iam::666666666666:root"] },
      },
    ),
  },
  "Ubuntu and Windows Server 2019 in German": {
    stacks: own({
      hosts: {
        web: {
          ...linux,
          image:
            "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
        },
        fs: {
          ...windows,
          image: "/aws/service/ami-windows-latest/Windows_Server-2019-German-Full-Base",
        },
      },
    }),
    notRehearsed: ["host of Ubuntu 24.04: it is laid out like Amazon Linux 2023"],
  },
};

/** Those that are rehearsed in aws-cn as well. */
export const IN_CHINA: ReadonlySet<string> = new Set([
  "a VPC by name, and hosts renamed",
  "a key of another account",
  "a second Region",
  "schedules, collections and a route",
]);
