import { Bash } from "just-bash";
import { REHEARSAL_STARTS } from "../kernel/timeline.js";
import { assignmentsSucceed } from "./assignments.js";
import { hostCommands, ownCommands } from "./commands.js";
import type { CommandHost } from "./commands/command.js";
import { survive } from "./commands/shell.js";
import { uptimeFile } from "./commands/time.js";
import { HostFileSystem } from "./filesystem.js";
import { hardwareOf } from "./hardware.js";
import type { HostFacts } from "./layout.js";
import { directories, files, memoryInfo } from "./layout.js";
import type { Machine, MachineOptions, MachinePorts, Ran, RunOptions } from "./machine.js";
import { LOGIN } from "./machine.js";

/** A script that runs. */
interface Process {
  readonly host: CommandHost;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly stop: AbortController;
  readonly withoutTime: boolean;
  timedOut: boolean;
  /** What it waits for in virtual time, or waited for last. */
  waitsFor: Promise<unknown>;
}

/**
 * The script that runs. The clock lets one process run at a time, and a script gives way to others only where it
 * sleeps or calls AWS. So it is enough to set this again after that; Node's AsyncLocalStorage, which would do it by
 * itself, makes every promise of the process slower.
 */
let current: Process | undefined;

function running(): Process {
  if (current === undefined) throw new Error("a command runs outside of a script");
  return current;
}

/** Waits for something meanwhile other scripts may run. */
async function giveWay<T>(wait: () => Promise<T>): Promise<T> {
  const waiting = current;
  try {
    const answer = wait();
    if (waiting !== undefined) waiting.waitsFor = answer.catch(() => undefined);
    return await answer;
  } finally {
    current = waiting;
  }
}

const OWN_COMMANDS = ownCommands();

/** All machines share the commands, which are many; the host is that of the script that runs. */
const COMMANDS = hostCommands({
  get facts() {
    return running().host.facts;
  },
  get now() {
    return running().host.now;
  },
  get bootTime() {
    return running().host.bootTime;
  },
  unique: (length) => running().host.unique(length),
  call: (request) => running().host.call(request),
  reportNotRehearsed: (subject) => running().host.reportNotRehearsed(subject),
});

function shellOn(disk: HostFileSystem, sleep: (duration: number) => Promise<void>): Bash {
  const shell = new Bash({
    fs: disk,
    cwd: "/root",
    env: LOGIN,
    processInfo: { pid: 2101, ppid: 2100, uid: 0, gid: 0 },
    commands: OWN_COMMANDS,
    customCommands: COMMANDS,
    sleep,
    // It guards the process against scripts that break out into JavaScript. Here no command runs any, the scripts are
    // the project's own, and the guard costs more than the scripts.
    defenseInDepth: false,
  });
  shell.registerTransformPlugin(assignmentsSucceed);
  return shell;
}

let base: HostFileSystem | undefined;

/** What all machines have alike: directories, and a file for each command. Made once. */
function baseDisk(): HostFileSystem {
  if (base === undefined) {
    base = new HostFileSystem(() => REHEARSAL_STARTS);
    for (const directory of directories()) base.mkdirSync(directory, { recursive: true });
    shellOn(base, () => Promise.resolve());
  }
  return base;
}

/**
 * The built-in Linux machine, which needs nothing: a disk in memory and a shell that runs as root on it. What scripts sleep is virtual time.
 * Not as on a real host, because just-bash has it so: `$RANDOM` and `$SECONDS` are real, files have no owners, a
 * background job runs at once and to its end, and a redirection that fails ends the script.
 */
export class BuiltInMachine implements Machine {
  readonly disk: HostFileSystem;
  private facts: HostFacts;
  private bootTime: number;

  constructor(
    private readonly ports: MachinePorts,
    options: MachineOptions,
  ) {
    const { privateIp, os, instanceType } = options;
    this.bootTime = ports.clock.now;
    this.facts = {
      // EC2's resource name by IP address, the default of private host names (EC2 User Guide).
      hostname: `ip-${privateIp.replaceAll(".", "-")}`,
      privateIp,
      os,
      hardware: hardwareOf(instanceType),
    };
    this.disk = new HostFileSystem(() => ports.clock.now, baseDisk());
    this.layOut(options.files ?? {});
    const system = `${os.platformName} ${os.platformVersion}`;
    if (system !== "Amazon Linux 2023")
      ports.reportNotRehearsed(`host of ${system}: it is laid out like Amazon Linux 2023`);
  }

  get hostname(): string {
    return this.facts.hostname;
  }

  /** Starts again: what is on the disk stays; what is in memory (`/tmp`, `/run`) and the time since boot does not. */
  async reboot(): Promise<void> {
    this.bootTime = this.ports.clock.now;
    for (const folder of ["/tmp", "/run"]) {
      await this.disk.rm(folder, { recursive: true, force: true });
      await this.disk.mkdir(folder);
    }
    await this.disk.mkdir("/run/lock");
    // A name that was set is the host's own from the next start at the latest.
    const hostname = (await this.disk.readFile("/etc/hostname")).trim();
    this.facts = { ...this.facts, hostname };
  }

  /** Runs a script as root in a fresh shell, with nothing but the given environment and what a login has. */
  async run(script: string, options: RunOptions = {}): Promise<Ran> {
    const { cwd, environment = {}, timeoutSeconds = Number.POSITIVE_INFINITY } = options;
    const foreign = foreignInterpreter(script);
    if (foreign !== undefined) return this.refuse(foreign);
    const names = Object.keys(environment);
    // just-bash sets these variables without exporting them; on the script's first line they move no line number.
    const exports = names.length === 0 ? "" : `export ${names.join(" ")}; `;
    const process: Process = {
      host: this.host,
      deadline: this.ports.clock.now + timeoutSeconds * 1000,
      stop: new AbortController(),
      withoutTime: options.withoutTime ?? false,
      timedOut: false,
      waitsFor: Promise.resolve(),
    };
    options.stop?.addEventListener("abort", () => process.stop.abort(), { once: true });
    // A shell for each script: it is quickly made, and ten thousand that are kept would fill the memory.
    const sleep = (duration: number) => this.sleep(process, duration);
    const shell = this.disk.unchanged(() => shellOn(this.disk, sleep));
    current = process;
    const { stdout, stderr, exitCode } = await survive(() =>
      shell.exec(exports + script, {
        rawScript: true,
        signal: process.stop.signal,
        env: { ...environment },
        ...(cwd !== undefined && { cwd }),
      }),
    );
    // just-bash lets go of a stopped script after some real time, whatever that waits for. The clock is to go on when
    // it wakes the script, so the script is over only then.
    await process.waitsFor;
    current = undefined;
    const { timedOut } = process;
    // What the abort itself says is just-bash's, not the script's.
    const errors = process.stop.signal.aborted
      ? stderr.replace(/bash: execution aborted\n$/, "")
      : stderr;
    return { stdout, stderr: errors, exitCode, timedOut };
  }

  private refuse(interpreter: string): Ran {
    this.ports.reportNotRehearsed(`script for ${interpreter}`);
    const stderr = `${interpreter}: not rehearsed: the built-in shell runs shell scripts only\n`;
    return { stdout: "", stderr, exitCode: 127, timedOut: false };
  }

  /** Lets virtual time pass for the script that sleeps, and stops it when its time is up. */
  private async sleep(process: Process, duration: number): Promise<void> {
    const { clock } = this.ports;
    if (process.withoutTime) return;
    const left = process.deadline - clock.now;
    await giveWay(() => clock.sleep(Math.min(duration, left)));
    if (duration <= left) return;
    process.timedOut = true;
    process.stop.abort();
  }

  private get host(): CommandHost {
    const { ports, facts, bootTime } = this;
    return {
      facts,
      bootTime,
      get now() {
        return ports.clock.now;
      },
      unique: (length) => ports.unique(length),
      call: (request) => giveWay(() => ports.call(request)),
      reportNotRehearsed: (subject) => ports.reportNotRehearsed(subject),
    };
  }

  private layOut(given: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files(this.facts)))
      this.disk.writeFileSync(path, text);
    this.disk.generate("/proc/uptime", () => uptimeFile(this.ports.clock.now, this.bootTime));
    this.disk.generate("/proc/meminfo", () => memoryInfo(this.facts.hardware));
    for (const [path, text] of Object.entries(given)) {
      if (path.endsWith("/")) this.disk.mkdirSync(path.replace(/\/+$/, ""), { recursive: true });
      else this.disk.writeFileSync(path, text);
    }
  }
}

/** What the first line of a script names, where that is no shell of Bourne's kind: the kernel would start that. */
function foreignInterpreter(script: string): string | undefined {
  const [, program, argument] = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(script) ?? [];
  if (program === undefined) return undefined;
  const named = program.endsWith("/env") ? (argument ?? "env") : program;
  return /(^|\/)(ba|da)?sh$/.test(named) ? undefined : named;
}
