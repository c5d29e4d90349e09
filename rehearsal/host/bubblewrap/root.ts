import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { ownCommands } from "../commands.js";
import type { HostFacts } from "../layout.js";
import { directories, files } from "../layout.js";
import { plainTools, systemPrograms } from "../not-rehearsed-commands.js";
import { RootedFiles } from "./rooted-files.js";

/** Where, inside a host, what belongs to the rehearsal is: programs of the machine at hand, and the way to ask it. */
export const INSIDE = "/usr/libexec/rehearsal";
export const ASK = `${INSIDE}/ask`;

/**
 * Commands whose answers are about the host and not the machine at hand: the built-in machine answers them, so that
 * both agree. `sleep` and `date` live in virtual time.
 */
export const ANSWERED: ReadonlySet<string> = new Set(
  "aws date df free hostname hostnamectl logger needs-restarting nproc rpm sleep ss uname uptime".split(
    " ",
  ),
);

/** Commands that a host has by another package than those that `not-rehearsed-commands.ts` and just-bash list. */
const FURTHER = ["chgrp", "chown", "id", "install", "mktemp", "openssl", "realpath", "sync"];

/** Asks the rehearsal and gives its answer back as if the command itself had run. */
const ASK_SCRIPT = `#!/bin/bash
# The rehearsal answers for this command: its arguments go out by a pipe, its output comes back in files.
calls=${INSIDE}/calls
call=$(mktemp -d "$calls/call.XXXXXXXXXX") || exit 127
printf '%s\\0' "\${0##*/}" "$@" >"$call/arguments"
env -0 >"$call/environment"
mkfifo "$call/done" && exec 9<>"$call/done" || exit 127
printf '%s\\n' "\${call##*/}" >"$calls/pipe"
read -r code <&9
cat "$call/stdout"
cat "$call/stderr" >&2
exit "$code"
`;

/** Folders of programs on the machine at hand, the first that has one counts; inside, each has a different name. */
const PROGRAMS = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

/**
 * The root that every host gets a copy of: its folders, with links to those programs of the machine at hand that a
 * host has; for the rest of a host's programs the rehearsal is called, which reports that they are not rehearsed. What a
 * host has not is not there, so it is "command not found" as on a host.
 */
export function makeTemplate(root: string): void {
  for (const directory of directories()) fs.mkdirSync(join(root, directory), { recursive: true });
  fs.mkdirSync(join(root, "dev"));
  for (const name of ["calls", ...PROGRAMS.map(nameInside)])
    fs.mkdirSync(join(root, INSIDE, name), { recursive: true });
  fs.writeFileSync(join(root, ASK), ASK_SCRIPT, { mode: 0o755 });
  fs.symlinkSync("usr/bin", join(root, "bin"));
  fs.symlinkSync("usr/sbin", join(root, "sbin"));
  for (const name of libraries()) copyPlace(root, name);
  const names = new Set([
    ...ownCommands(),
    ...plainTools(),
    ...systemPrograms(),
    ...FURTHER,
    ...ANSWERED,
  ]);
  const answered = new Set([...systemPrograms(), ...ANSWERED]);
  for (const name of names) {
    const own = answered.has(name) ? undefined : placeInside(name);
    fs.symlinkSync(own ?? ASK, join(root, "usr/bin", name));
  }
  fs.writeFileSync(join(root, "etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files\n");
}

/** Makes a host's root from the template, with the files of that host. */
export function makeRoot(
  template: string,
  root: string,
  facts: HostFacts,
  given: Readonly<Record<string, string>>,
): void {
  execFileSync("cp", ["-a", template, root]);
  const inside = new RootedFiles(() => root);
  for (const [path, text] of Object.entries(files(facts)))
    if (!path.startsWith("/proc/")) inside.writeFile(path, text);
  for (const [path, text] of Object.entries(given)) {
    inside.mkdir(path.endsWith("/") ? path : dirname(path));
    if (path.endsWith("/")) continue;
    // A scenario may put a file where the layout has a folder.
    inside.rm(path);
    inside.writeFile(path, text);
  }
}

/**
 * bwrap's options that put a root together: the host's own folders, and of the machine at hand programs and libraries
 * only.
 */
export function mounts(root: string): string[] {
  const programs = PROGRAMS.filter((folder) => fs.existsSync(folder)).flatMap((folder) => [
    "--ro-bind",
    folder,
    `${INSIDE}/${nameInside(folder)}`,
  ]);
  const shared = [...libraries(), "/usr/share"].filter(
    (folder) => isFolder(folder) && !fs.lstatSync(folder).isSymbolicLink(),
  );
  return [
    ...["--bind", root, "/"],
    ...programs,
    ...shared.flatMap((folder) => ["--ro-bind", folder, folder]),
    ...loaderAndKernel(),
  ];
}

/** What bwrap mounts on in a host's root. */
export function mountPoints(root: string): string[] {
  const options = mounts(root);
  const bound = options.filter((_, index) => /^--(ro-)?bind$/.test(options[index - 2] ?? ""));
  return [...bound, "/proc", "/dev", `${INSIDE}/calls`].filter((path) => path !== "/");
}

/** bwrap's options for a root of nothing but programs and libraries of the machine at hand, each at its own place. */
export function systemMounts(): string[] {
  const folders = [...libraries(), "/usr/share", ...PROGRAMS].filter(isFolder);
  return [
    ...folders.flatMap((folder) =>
      fs.lstatSync(folder).isSymbolicLink()
        ? ["--symlink", fs.readlinkSync(folder), folder]
        : ["--ro-bind", folder, folder],
    ),
    ...loaderAndKernel(),
  ];
}

/** What the loader knows of libraries, and what the kernel shows. */
function loaderAndKernel(): string[] {
  const cache = "/etc/ld.so.cache";
  return [
    ...(fs.existsSync(cache) ? ["--ro-bind", cache, cache] : []),
    ...["--proc", "/proc", "--dev", "/dev"],
  ];
}

const isFolder = (path: string): boolean =>
  fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The folders of libraries on the machine at hand. */
function libraries(): string[] {
  const below = (folder: string) =>
    fs.readdirSync(folder).flatMap((name) => (/^lib(32|64|x32)?$/.test(name) ? [name] : []));
  return [...below("/usr").map((name) => `/usr/${name}`), ...below("/").map((name) => `/${name}`)];
}

/** A link as the machine has it, or a folder to mount on. */
function copyPlace(root: string, path: string): void {
  const at = join(root, path);
  if (fs.lstatSync(path).isSymbolicLink()) {
    fs.rmSync(at, { recursive: true, force: true });
    fs.symlinkSync(fs.readlinkSync(path), at);
  } else fs.mkdirSync(at, { recursive: true });
}

/** `/usr/bin` -> `usr-bin` */
const nameInside = (folder: string): string => folder.slice(1).replaceAll("/", "-");

/** Where a program of the machine at hand is inside; undefined: the machine has it not. */
function placeInside(name: string): string | undefined {
  // Amazon Linux 2023 has bash for sh.
  const wanted = name === "sh" ? "bash" : name;
  const found = PROGRAMS.map((folder) => `${folder}/${wanted}`).find((path) => fs.existsSync(path));
  if (found === undefined) return undefined;
  const real = fs.realpathSync(found);
  const folder = PROGRAMS.find((program) => real.startsWith(`${program}/`));
  // What is neither among the programs nor the libraries is not visible inside.
  if (folder === undefined) return /^\/(usr\/)?(lib|share)/.test(real) ? real : undefined;
  return `${INSIDE}/${nameInside(folder)}${real.slice(folder.length)}`;
}
