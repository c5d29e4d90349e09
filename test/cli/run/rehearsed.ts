import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Session } from "../../../cli/session.js";
import { served, type Served, type ServedOptions } from "../../support/served";
import { fleet, type Told } from "../support";

const PROJECT = resolve(__dirname, "..", "..", "..");

/** `fleet run` against a served rehearsal, as the log account's operator: real SDK clients over HTTP. */
export class Rehearsed {
  private constructor(
    readonly cloud: Served,
    private readonly folder: string,
  ) {}

  static async of(options: ServedOptions): Promise<Rehearsed> {
    const cloud = await served(options);
    const folder = mkdtempSync(join(tmpdir(), "fleet-run-"));
    const log = cloud.stage.stacks.find(({ name }) => name === "log");
    writeFileSync(join(folder, "outputs.json"), JSON.stringify(log?.outputs));
    return new Rehearsed(cloud, folder);
  }

  file(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Requests take virtual time, so nobody waits between them. */
  async fleet(args: readonly string[], more: Partial<Session> = {}): Promise<Told> {
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
