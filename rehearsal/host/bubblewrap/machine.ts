import { shellWord } from "../../../lib/shell-word.js";
import * as fs from "node:fs";
import { join } from "node:path";
import { BuiltInMachine } from "../built-in-machine.js";
import { hardwareOf } from "../hardware.js";
import type { HostFacts } from "../layout.js";
import { files, memoryInfo } from "../layout.js";
import type { Machine, MachineOptions, MachinePorts, Ran, RunOptions } from "../machine.js";
import { LOGIN } from "../machine.js";
import { uptimeFile } from "../commands/time.js";
import type { Answer, Call } from "./calls.js";
import { Calls } from "./calls.js";
import { RootedDisk } from "./disk.js";
import { ANSWERED, INSIDE, makeRoot, mountPoints, mounts } from "./root.js";
import { RootedFiles } from "./rooted-files.js";
import { environmentOf, REAL_TIME, runWalled, walls } from "./walls.js";

/** The script that runs, in the folder of its calls. */
const SCRIPT = "_script.sh";

/** Where a host's own things are on the machine at hand. */
export interface Place {
  /** The root that hosts are copies of. */
  readonly template: string;
  /** A folder for this host alone; it is not there yet. */
  readonly folder: string;
}

/**
 * A Linux machine with the real bash and the real tools of the machine at hand, in a separate root: bubblewrap shows
 * it no file of a user, no network and no process but its own. What is the host's and not the machine's (its time, its
 * memory, its packages, AWS) the built-in machine answers.
 */
export class BubblewrapMachine implements Machine {
  /** Made at the first use, so that a host that does nothing needs no disk. */
  private readonly files = new RootedFiles(() => this.root);
  readonly disk = new RootedDisk(this.files);
  private readonly facts: HostFacts;
  private readonly answers: BuiltInMachine;
  private readonly idle: Calls[] = [];
  private readonly all: Calls[] = [];
  private bootTime: number;
  private exists = false;

  constructor(
    private readonly ports: MachinePorts,
    private readonly options: MachineOptions,
    private readonly place: Place,
  ) {
    const { os, privateIp, instanceType } = options;
    this.answers = new BuiltInMachine(ports, options);
    this.bootTime = ports.clock.now;
    const hardware = hardwareOf(instanceType);
    this.facts = { hostname: this.answers.hostname, privateIp, os, hardware };
  }

  get hostname(): string {
    return this.answers.hostname;
  }

  async reboot(): Promise<void> {
    this.bootTime = this.ports.clock.now;
    await this.tellName();
    await this.answers.reboot();
    for (const folder of ["/tmp", "/run"]) {
      this.files.rm(folder);
      this.files.mkdir(folder);
    }
    this.files.mkdir("/run/lock");
  }

  async run(script: string, options: RunOptions = {}): Promise<Ran> {
    const calls = this.idle.pop() ?? this.makeCalls();
    const deadline = this.ports.clock.now + (options.timeoutSeconds ?? Infinity) * 1000;
    const stop = new AbortController();
    options.stop?.addEventListener("abort", () => stop.abort(), { once: true });
    let over: Promise<unknown> = Promise.resolve();
    const replaced = mountPoints(this.root).find((path) => !this.files.isOwn(path));
    if (replaced !== undefined) return this.refuse(calls, replaced);
    calls.leaveScript(SCRIPT, script);
    this.tellTime();
    const answer = async (call: Call): Promise<Answer> => {
      const left = (deadline - this.ports.clock.now) / 1000;
      const ran = await this.answer(call, { ...options, timeoutSeconds: left });
      if (ran.timedOut) {
        stop.abort();
        // A command without an answer stops until its process is gone.
        await over;
      }
      this.tellTime();
      return ran;
    };
    const { stdout, stderr, exitCode } = await calls.during(answer, () => {
      const run = this.start(calls, options, stop);
      over = run.catch(() => undefined);
      return run;
    });
    this.idle.push(calls);
    const timedOut = stop.signal.aborted && options.stop?.aborted !== true;
    return { stdout, stderr, exitCode, timedOut };
  }

  /** bwrap makes what it mounts on where it is not there, and would follow a link. */
  private refuse(calls: Calls, path: string): Ran {
    this.idle.push(calls);
    this.ports.reportNotRehearsed(`script on a host whose ${path} was replaced or removed`);
    const stderr = `${path}: not rehearsed: the host has it no more as it was\n`;
    return { stdout: "", stderr, exitCode: 127, timedOut: false };
  }

  /** Lets go of the pipes; the creator of the folder removes it. */
  close(): void {
    for (const calls of this.all) calls.close();
  }

  /** Runs a script that is written down already. */
  private async start(calls: Calls, options: RunOptions, stop: AbortController): Promise<Answer> {
    const args = [
      ...this.around(calls),
      ...["--chdir", options.cwd ?? LOGIN.HOME],
      ...environmentOf({ ...LOGIN, ...options.environment }),
      // As the agent does it, so that the script's first line says which shell. Source: its appconfig/constants_unix.go
      // and executers.go: `sh -c` and the file, which can be executed.
      ...["--", "/bin/sh", "-c", `${INSIDE}/calls/${SCRIPT}`],
    ];
    const ended = await runWalled(args, { stop: stop.signal });
    if (ended.outOfTime) {
      this.ports.reportNotRehearsed(
        `script that takes more than ${REAL_TIME / 1000} s of real time`,
      );
      stop.abort();
    }
    return ended;
  }

  /** What bubblewrap puts around a script. */
  private around(calls: Calls): string[] {
    const { place, root } = this;
    const proc = Object.keys(this.procFiles()).filter((path) => fs.existsSync(path));
    return [
      ...walls(),
      ...mounts(root),
      // Without its own user namespace, root could write the kernel's settings there, which are those of the machine.
      ...["--remount-ro", "/proc"],
      ...["--bind", calls.folder, `${INSIDE}/calls`],
      ...proc.flatMap((path) => ["--ro-bind", join(place.folder, path), path]),
      ...["--hostname", this.namedByFile.trim() || this.hostname],
    ];
  }

  /** Answers a command: what is the host's, the built-in machine knows; all else is not rehearsed. */
  private async answer({ name, args, environment }: Call, options: RunOptions): Promise<Ran> {
    if (!ANSWERED.has(name)) {
      this.ports.reportNotRehearsed(`shell command: ${name}`);
      const stderr = `${name}: command not found (not rehearsed: a real host has it, the local shell has not)\n`;
      return { stdout: "", stderr, exitCode: 127, timedOut: false };
    }
    const { cwd: _, ...rest } = options;
    const own = Object.entries(environment).filter(([key]) => /^(AWS_\w+|TZ)$/.test(key));
    await this.tellName();
    const ran = await this.answers.run([name, ...args].map(shellWord).join(" "), {
      ...rest,
      environment: Object.fromEntries(own),
    });
    const hostname = await this.answers.disk.readFile("/etc/hostname");
    if (hostname !== this.namedByFile) this.rename(hostname);
    return ran;
  }

  /** The files of `/proc` that show the host instead of the machine at hand. */
  private procFiles(): Readonly<Record<string, string>> {
    const { facts, ports, bootTime } = this;
    const shown = ["/proc/cpuinfo", "/proc/version", "/proc/loadavg", "/proc/sys/kernel/osrelease"];
    return {
      ...Object.fromEntries(Object.entries(files(facts)).filter(([path]) => shown.includes(path))),
      "/proc/meminfo": memoryInfo(facts.hardware),
      "/proc/uptime": uptimeFile(ports.clock.now, bootTime),
    };
  }

  /** A host is renamed by a command as well as by its file: the two machines must agree. */
  private async tellName(): Promise<void> {
    await this.answers.disk.writeFile("/etc/hostname", this.namedByFile);
  }

  /** What the host's file says; nothing where a script has put something else there than a file. */
  private get namedByFile(): string {
    try {
      return this.files.readFile("/etc/hostname");
    } catch {
      return "";
    }
  }

  private rename(name: string): void {
    try {
      this.files.writeFile("/etc/hostname", name);
    } catch {
      // A script has put something else there than a file: the name is not kept, as on a host.
    }
  }

  /** Written into the file that is mounted already: the kernel shows what is in it now. */
  private tellTime(): void {
    const path = join(this.place.folder, "/proc/uptime");
    fs.writeFileSync(path, uptimeFile(this.ports.clock.now, this.bootTime));
  }

  private get root(): string {
    const { place } = this;
    const root = join(place.folder, "root");
    if (this.exists) return root;
    this.exists = true;
    fs.mkdirSync(place.folder, { recursive: true });
    makeRoot(place.template, root, this.facts, this.options.files ?? {});
    for (const [path, text] of Object.entries(this.procFiles())) {
      fs.mkdirSync(join(place.folder, path, ".."), { recursive: true });
      fs.writeFileSync(join(place.folder, path), text);
    }
    return root;
  }

  private makeCalls(): Calls {
    const folder = join(this.root, "..", `calls-${this.all.length}`);
    const calls = new Calls(folder);
    this.all.push(calls);
    return calls;
  }
}
