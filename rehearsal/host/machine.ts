import type { OperatingSystem } from "../kernel/instance.js";
import type { AwsCall } from "./role-call.js";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The environment that a login of root has. */
export const LOGIN = {
  PATH,
  HOME: "/root",
  USER: "root",
  LOGNAME: "root",
  SHELL: "/bin/bash",
  LANG: "en_US.UTF-8",
};

/** A Linux machine from inside. There are two: the built-in one, and one with the real shell of the machine at hand. */
export interface Machine {
  /** The host's name as it knows it itself. */
  readonly hostname: string;
  readonly disk: MachineDisk;
  /** Runs a script as root in a fresh shell, with nothing but the given environment and what a login has. */
  run(script: string, options?: RunOptions): Promise<Ran>;
  /** Starts again: what is on the disk stays; what is in memory (`/tmp`, `/run`) and the time since boot does not. */
  reboot(): Promise<void>;
}

/** What the agent does with a machine's files; all paths are absolute. */
export interface MachineDisk {
  exists(path: string): Promise<boolean>;
  readFile(path: string): Promise<string>;
  mkdir(path: string, options: { readonly recursive: true }): Promise<void>;
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  rm(path: string, options: { readonly recursive: true; readonly force: true }): Promise<void>;
}

/** Makes the machine of a host that starts for the first time. */
export type MakeMachine = (ports: MachinePorts, options: MachineOptions) => Machine;

/** What a machine needs of the world around it. */
export interface MachinePorts {
  readonly clock: { readonly now: number; sleep(duration: number): Promise<void> };
  /** Letters and digits, others each time and the same in every rehearsal. */
  unique(length: number): string;
  /** Calls AWS with the credentials of the host's role. @throws AwsError */
  call(request: AwsCall): Promise<unknown>;
  /** A script used something that the local shell does not have. */
  reportNotRehearsed(subject: string): void;
}

export interface MachineOptions {
  readonly privateIp: string;
  readonly instanceType: string;
  readonly os: OperatingSystem;
  /** Files that are there at the first start: path to text; a path that ends in `/` is a directory. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Virtual seconds after which the script is stopped. */
  readonly timeoutSeconds?: number;
  /** Sleeping takes no time: for callers outside of virtual time. @default false */
  readonly withoutTime?: boolean;
  /** Stops the script: what it waits for then is the last that happens. */
  readonly stop?: AbortSignal;
}

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** The script was stopped because it took longer than it was allowed. */
  readonly timedOut: boolean;
}
