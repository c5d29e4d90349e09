import { ModifyDocumentPermissionCommand, SSMClient } from "@aws-sdk/client-ssm";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Session } from "../../session.js";
import type { Scenario } from "../../../rehearsal/scenario/schema/scenario.js";
import type { Served, ServedOptions } from "../../../test/support/served.js";
import { served } from "../../../test/support/served.js";
import type { CommandResult } from "../support.js";
import { fleet } from "../support.js";

const PROJECT = resolve(__dirname, "..", "..", "..");

const HOME = "eu-central-1";

/** Two members with three hosts each, one that has no stack yet, and a log account whose people run scripts. */
export const withMembers = (scenario: Scenario): Scenario => ({
  ...scenario,
  when: [],
  given: {
    ...scenario.given,
    config: {
      log: {
        runAccounts: ["333333333333", "444444444444", "555555555555"],
        runners: { principals: ["arn:aws:iam::111111111111:root"] },
      },
    },
    members: [
      {
        like: "member",
        accounts: ["333333333333", "444444444444"],
        name: "shop",
        unit: "Workloads",
        config: { hosts: {} },
        hosts: { count: 3, tags: { Role: "web" } },
      },
    ],
    organization: {
      managementAccount: "999999999999",
      units: { Workloads: { id: "ou-root-1a2b3c4d", accounts: ["member"], units: {} } },
      accounts: { "555555555555": "new" },
      suspended: [],
      delegated: { "ssm.amazonaws.com": ["log"] },
    },
  },
});

/** `fleet run` against a served rehearsal, as the log account's operator: real SDK clients over HTTP. */
export class Rehearsed {
  private constructor(
    readonly cloud: Served,
    private readonly folder: string,
  ) {}

  static async start(options: ServedOptions): Promise<Rehearsed> {
    const cloud = await served(options);
    const folder = mkdtempSync(join(tmpdir(), "fleet-run-"));
    const log = cloud.deployed.stacks.find(({ name }) => name === "log");
    writeFileSync(join(folder, "outputs.json"), JSON.stringify(log?.outputs));
    return new Rehearsed(cloud, folder);
  }

  file(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a line on a host, to repair it. */
  async onHost(account: string, index: number, line: string): Promise<void> {
    const { ec2, ssm } = this.cloud.deployed.cloud;
    const host = [...ec2.instances.in(account, HOME).values()][index];
    await ssm.agents.host(account, HOME, host?.id ?? "")?.run(line);
  }

  /** Takes the runbook away from an account, or gives it back, behind the stack's back. */
  async share(change: "AccountIdsToAdd" | "AccountIdsToRemove", account: string): Promise<void> {
    const env = this.cloud.env("log");
    const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } =
      env;
    const client = new SSMClient({
      endpoint: this.cloud.endpoint,
      region: HOME,
      credentials: { accessKeyId, secretAccessKey },
    });
    const Name = "cf-run-script";
    const input = { Name, PermissionType: "Share" as const, [change]: [account] };
    await client.send(new ModifyDocumentPermissionCommand(input));
    client.destroy();
  }

  /** Requests take virtual time, so nobody waits between them. */
  async fleet(args: readonly string[], more: Partial<Session> = {}): Promise<CommandResult> {
    const before = { ...process.env };
    Object.assign(process.env, this.cloud.env("log"));
    try {
      return await fleet(PROJECT, ["run", ...args, "--outputs", "outputs.json"], {
        folder: this.folder,
        sleep: () => Promise.resolve(),
        ...more,
      });
    } finally {
      process.env = before;
    }
  }

  async close(): Promise<void> {
    await this.cloud.close();
    rmSync(this.folder, { recursive: true });
  }
}
