import type { Instance } from "../kernel/instance.js";
import { NotRehearsed } from "../kernel/errors.js";
import { CloudWatchAgent } from "./cloudwatch-agent/cloudwatch-agent.js";
import type { HostConditions } from "./conditions.js";
import { BuiltInMachine } from "./built-in-machine.js";
import type { Machine, MachinePorts, MakeMachine, Ran, RunOptions } from "./machine.js";
import type { Platform } from "./platform.js";
import { detectPlatform, WINDOWS_PLATFORM } from "./platform.js";
import type { InstalledPackage } from "./plugins/package-repository.js";
import { LINUX_PACKAGES, PackageRepository } from "./plugins/package-repository.js";
import type { PowerShell } from "./windows-machine.js";
import { WINDOWS_PACKAGES, WindowsMachine } from "./windows-machine.js";

/** The runtime of hosts, where it is not the built-in one. */
export interface HostRuntime {
  /** Makes Linux machines. @default the built-in machine */
  readonly makeMachine?: MakeMachine;
  /** Runs the scripts of Windows machines. @default none: they are parsed only */
  readonly powerShell?: PowerShell;
}

/** An instance from inside: its machine, and what the agent keeps on it. */
export class Host {
  /** Undefined on Windows. */
  readonly machine: Machine | undefined;
  /** Undefined on Linux. */
  readonly windows: WindowsMachine | undefined;
  /** What the agent knows of Distributor packages here. */
  readonly repository: PackageRepository;
  readonly cloudWatchAgent = new CloudWatchAgent();

  constructor(
    readonly instance: Instance,
    ports: MachinePorts,
    conditions: HostConditions = {},
    {
      makeMachine = (...parameters) => new BuiltInMachine(...parameters),
      powerShell,
    }: HostRuntime = {},
  ) {
    const { privateIp, instanceType, os } = instance;
    const files = conditions.files ?? {};
    if (os.platformType === "Windows") {
      this.windows = new WindowsMachine((length) => ports.unique(length), files, powerShell);
      this.repository = new PackageRepository(this.windows.disk, WINDOWS_PACKAGES);
    } else {
      this.machine = makeMachine(ports, { privateIp, instanceType, os, files });
      this.repository = new PackageRepository(this.machine.disk, LINUX_PACKAGES);
    }
  }

  /** The host's name as it knows it itself. */
  get name(): string {
    return this.machine?.hostname ?? this.windows?.name ?? "";
  }

  /** The Distributor packages that are, or were tried to be, installed. */
  get packages(): readonly InstalledPackage[] {
    return this.repository.packages();
  }

  /** The operating system as the agent's package installer sees it. */
  async platform(): Promise<Platform> {
    if (this.machine === undefined)
      return { ...WINDOWS_PLATFORM, version: this.instance.os.platformVersion };
    return detectPlatform(await this.machine.disk.readFile("/etc/os-release").catch(() => ""));
  }

  /** Puts a file on the host's disk from outside, not as one of its scripts. */
  async leave(path: string, text: string): Promise<void> {
    const disk = this.machine?.disk ?? this.windows?.disk;
    await disk?.mkdir(path.replace(/[/\\][^/\\]*$/, ""), { recursive: true });
    await disk?.writeFile(path, text);
  }

  async remove(path: string): Promise<void> {
    const disk = this.machine?.disk ?? this.windows?.disk;
    await disk?.rm(path, { recursive: true, force: true });
  }

  async has(path: string): Promise<boolean> {
    return (await (this.machine?.disk ?? this.windows?.disk)?.exists(path)) ?? false;
  }

  async reboot(): Promise<void> {
    await this.machine?.reboot();
    await this.windows?.reboot();
  }

  /**
   * Runs a command as root, to inspect the host; no virtual time passes.
   * @throws NotRehearsed on Windows
   */
  async run(command: string, options?: Omit<RunOptions, "withoutTime">): Promise<Ran> {
    if (this.machine === undefined) throw new NotRehearsed("Windows hosts: PowerShell");
    return this.machine.run(command, { ...options, withoutTime: true });
  }
}
