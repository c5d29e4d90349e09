import { shellWord } from "../../lib/shell-word.js";
import { Bash, defineCommand } from "just-bash";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

export const TOOL = join(__dirname, "../../packages/fleet-facts/fleet-facts");

/** What a host has that the tool may ask: files, and commands by what they print. */
export interface Host {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly commands?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

export interface Shell {
  readonly name: string;
  readonly run: (host: Host, ...args: string[]) => Promise<Ran>;
}

/** Runs the tool with the host in memory. */
export async function inJustBash(host: Host, ...args: string[]): Promise<Ran> {
  const bash = new Bash({
    files: {
      "/opt/fleet-facts": { content: readFileSync(TOOL, "utf8"), mode: 0o755 },
      ...host.files,
    },
    commands: ["awk", "sort", "printf"],
    customCommands: Object.entries(host.commands ?? {}).map(([name, stdout]) =>
      defineCommand(name, () => Promise.resolve({ stdout, stderr: "", exitCode: 0 })),
    ),
  });
  const { stdout, stderr, exitCode } = await bash.exec(
    ["/opt/fleet-facts", ...args].map(shellWord).join(" "),
  );
  return { stdout, stderr, status: exitCode };
}

/** Runs the tool with only the host's files, the host's commands and these of the machine's. */
export function inShell(folder: string, shell: string, tools = ["awk", "sort"]): Shell["run"] {
  return (host, ...args) => {
    const root = mkdtempSync(join(folder, "host-"));
    const bin = join(root, "bin");
    mkdirSync(bin);
    for (const tool of tools) symlinkSync(onPath(tool) ?? `no ${tool}`, join(bin, tool));
    for (const [name, stdout] of Object.entries(host.commands ?? {})) {
      writeFileSync(join(bin, name), `#!/bin/sh\nprintf %s ${shellWord(stdout)}\n`, {
        mode: 0o755,
      });
    }
    for (const [path, content] of Object.entries(host.files ?? {})) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const env = { PATH: bin, FLEET_FACTS_ROOT: root };
    const { stdout, stderr, status } = spawnSync(shell, [TOOL, ...args], { env });
    return Promise.resolve({ stdout: utf8(stdout), stderr: utf8(stderr), status });
  };
}

/** Throws where the bytes are not UTF-8. */
function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** Where the machine has the command. */
export function onPath(command: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":");
  return folders.map((folder) => join(folder, command)).find((file) => existsSync(file));
}
