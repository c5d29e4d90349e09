import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { Cloud } from "../../rehearsal/cloud/cloud.js";
import { LocalProvider } from "../../rehearsal/provider/provider.js";

const PROJECT = resolve(__dirname, "..", "..");

export interface EngineResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One step of `pulumi preview --json`. */
export interface PreviewStep {
  readonly op: string;
  readonly type: string;
  readonly name: string;
}

/**
 * The real Pulumi engine on a copy of the project in a temporary folder, with a file backend, and the local cloud as
 * its provider.
 */
export class Engine {
  readonly folder = mkdtempSync(join(tmpdir(), "fleet-engine-"));
  private readonly path: string;
  private readonly providers = new Map<string, { provider: LocalProvider; port: number }>();

  constructor(
    private readonly cloud: Cloud,
    /** Folders and files of the project that the program needs, linked or, where a test changes them, copied. */
    copied: readonly string[] = [],
  ) {
    for (const entry of readdirSync(PROJECT)) {
      if ([".git", ".build"].includes(entry)) continue;
      const [from, to] = [join(PROJECT, entry), join(this.folder, entry)];
      if (/^Pulumi.*\.yaml$|\.lock\.json$/.test(entry) || copied.includes(entry))
        cpSync(from, to, { recursive: true });
      else symlinkSync(from, to);
    }
    mkdirSync(join(this.folder, "state"));
    this.path = [languageHost(this.folder), process.env["PATH"]].join(delimiter);
  }

  /** Makes a stack whose runs use the credentials of an account. */
  async stack(name: string, credentials: string): Promise<LocalProvider> {
    return this.stackIn(this.folder, name, credentials);
  }

  /** The same for the project of another folder. */
  async stackIn(folder: string, name: string, credentials: string): Promise<LocalProvider> {
    const provider = new LocalProvider({ cloud: this.cloud, credentials, folder: this.folder });
    this.providers.get(name)?.provider.close();
    this.providers.set(name, { provider, port: await provider.listen() });
    const { code, stderr } = await this.run(name, ["stack", "init"], { folder });
    if (code !== 0 && !stderr.includes("already exists")) throw new Error(stderr);
    return provider;
  }

  /** Runs the CLI for a stack. */
  async run(
    stack: string,
    args: readonly string[],
    { folder = this.folder }: { readonly folder?: string } = {},
  ): Promise<EngineResult> {
    const port = this.providers.get(stack)?.port ?? 0;
    const child = spawn("pulumi", [...args, "--non-interactive", "--stack", stack], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: this.path,
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "rehearsal",
        PULUMI_HOME: join(this.folder, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DEBUG_PROVIDERS: `aws:${port},archive:${port}`,
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        NO_COLOR: "1",
      },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    const code = await new Promise<number>((settle, reject) => {
      child.on("error", reject);
      child.on("close", (exit) => settle(exit ?? -1));
    });
    return { code, stdout, stderr };
  }

  /** What a preview would do, without what stays the same. @throws with the CLI's output where it fails. */
  async preview(stack: string): Promise<PreviewStep[]> {
    const result = await this.run(stack, ["preview", "--json"]);
    if (result.code !== 0) throw new Error(result.stdout + result.stderr);
    const { steps } = JSON.parse(result.stdout) as { steps: { op: string; urn: string }[] };
    return (
      steps
        .filter(({ op }) => op !== "same" && op !== "read")
        // The engine works on what does not depend on each other at once, in no order.
        .sort((a, b) => (a.urn < b.urn ? -1 : 1))
        .map(({ op, urn }) => {
          const [, , types = "", name = ""] = urn.split("::");
          return { op, type: types.split("$").at(-1) ?? "", name };
        })
    );
  }

  /** @throws with the CLI's output where it fails. */
  async up(stack: string): Promise<void> {
    const result = await this.run(stack, ["up", "--yes", "--skip-preview"]);
    if (result.code !== 0) throw new Error(result.stdout + result.stderr);
  }

  async outputs(stack: string): Promise<Record<string, unknown>> {
    const { stdout } = await this.run(stack, ["stack", "output", "--json"]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Changes the stack's settings, by keys without the namespace. */
  configure(stack: string, change: (config: Record<string, unknown>) => void): void {
    const file = join(this.folder, `Pulumi.${stack}.yaml`);
    const content = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    change(content.config);
    writeFileSync(file, stringify(content));
  }

  close(): void {
    for (const { provider } of this.providers.values()) provider.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The folder of a command that is on the PATH. */
function folderOf(command: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.find((folder) => existsSync(join(folder, command)));
}

/** Whether the machine has what engine tests need. */
export function hasEngine(): boolean {
  return folderOf("pulumi") !== undefined && folderOf("pulumi-language-nodejs") !== undefined;
}

/**
 * The folder of a language host that heeds the runtime options of Pulumi.yaml. Older hosts want them as flags, which
 * today's engine no longer passes: for those it is a script that does.
 */
function languageHost(folder: string): string {
  const host = "pulumi-language-nodejs";
  const found = folderOf(host) ?? "";
  const help = spawnSync(join(found, host), ["--help"], { encoding: "utf8" });
  if (!`${help.stdout}${help.stderr}`.includes("-nodeargs")) return found;
  const { runtime } = parse(readFileSync(join(PROJECT, "Pulumi.yaml"), "utf8")) as {
    runtime: { options: { typescript: boolean; nodeargs: string } };
  };
  const { typescript, nodeargs } = runtime.options;
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const script = `#!/bin/sh\nexec '${join(found, host)}' -typescript=${typescript} -nodeargs='${nodeargs}' "$@"\n`;
  writeFileSync(join(bin, host), script, { mode: 0o755 });
  return bin;
}
