import { expect } from "chai";
import { parseConfig } from "../../../stacks/config.js";
import { ConfigError } from "../../../stacks/config/error.js";
import { entry, project, rawLog, rawMember } from "../../support/configs.js";

type Path = readonly (string | number)[];

const log = rawLog({
  partition: "aws",
  prefix: "cf",
  assumeRole: "arn:aws:iam::111111111111:role/D",
  kmsKeyArn: "arn:aws:kms:eu-central-1:333333333333:key/1234",
  tmpDays: 7,
  packages: [entry({ secrets: { TOKEN: "/tool/token" }, validate: "tool" })],
  identityCenter: { accounts: ["222222222222"], region: "eu-central-1" },
  runAccounts: ["222222222222"],
  runners: { principals: ["arn:aws:iam::333333333333:role/O"], mfa: true },
  outputRegions: ["eu-central-1"],
  outputDays: 30,
  queryLimitBytes: 10_737_418_240,
  routes: [
    {
      name: "silent",
      query: "no-answer",
      parameters: ["schedule-facts"],
      schedule: "rate(1 day)",
      rules: [{ column: "status", operator: "equals", value: "x", topic: "ops" }],
    },
  ],
  routeTopics: { ops: ["a@example.com"] },
});

const member = rawMember({
  logStack: "organization/fleet/log",
  notify: ["a@example.com"],
  cloudwatchConfigs: { web: "cloudwatch/linux.json" },
  logRetentionDays: 90,
  hosts: {
    web: {
      platform: "windows",
      instanceType: "t3.medium",
      packages: ["tool"],
      cloudwatch: "web",
      enabled: true,
      subnet: "a",
      arguments: { tool: { SSM_X: "1" } },
      hostname: "web",
      domain: "d-1234567890",
      vss: false,
      volumeSizeGiB: 40,
    },
  },
  endpoints: ["ssm"],
  endpointAccounts: ["333333333333"],
  sessionUsers: { principals: ["arn:aws:iam::333333333333:root"], mfa: false },
  schedules: {
    night: {
      script: "disk-pressure",
      parameters: { Percent: "80" },
      schedule: "rate(1 day)",
      timeZone: "Europe/Berlin",
      durationHours: 2,
      maxErrors: "1",
    },
  },
  collect: {
    reboots: {
      script: "pending-reboot",
      schedule: "rate(1 day)",
      inventory: "Custom:Reboot",
      compliance: {
        type: "Custom:Reboot",
        rules: [{ field: "pending", operator: "equals", value: false, severity: "LOW" }],
      },
    },
  },
});

/** What a person may write at any place. */
const values = [null, 5, -1, 1.5, true, "", "  ", "something else", "a\nb", ["x"], [], { a: 1 }];

const pathsOf = (value: unknown, path: Path = []): Path[] => {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Object.entries(value).map(([key, child]): [string | number, unknown] => [
    Array.isArray(value) ? Number(key) : key,
    child,
  ]);
  const below = entries.flatMap(([key, child]) => pathsOf(child, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
};

/** The config with another value at a path; `undefined` takes it away. */
function changed(root: object, path: Path, value: unknown): Record<string, unknown> {
  const copy = structuredClone(root) as Record<string | number, unknown>;
  let place = copy;
  for (const key of path.slice(0, -1)) place = place[key] as typeof copy;
  const last = path.at(-1) ?? "";
  if (value === undefined) Reflect.deleteProperty(place, last);
  else place[last] = value;
  return copy;
}

/** The lines of an error; empty where there is none. Whatever is no word to the user is thrown. */
function told(raw: Record<string, unknown>): string[] {
  try {
    parseConfig(raw, project());
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n").slice(1);
  }
}

describe("Whatever is written at any place of a config", function () {
  this.timeout(120_000);
  for (const [role, root] of Object.entries({ log, member })) {
    it(`is taken, or refused in our own words: ${role}`, () => {
      expect(told(root)).to.deep.equal([]);
      const lines = pathsOf(root).flatMap((path) =>
        [...values, undefined].flatMap((value) => told(changed(root, path, value))),
      );
      expect(lines.length).to.be.greaterThan(500);
      // Each in one line with its key; nothing of the library's wording, which says what was received.
      const raw = lines.filter(
        (line) =>
          !/^ {2}fleet:[\w.[\]-]+: .*expected /.test(line) ||
          /Invalid input|received|Too (big|small)|undefined/.test(line),
      );
      expect([...new Set(raw)]).to.deep.equal([]);
    });
  }
});
