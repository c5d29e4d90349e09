import type { Zippable } from "fflate";
import { zipSync } from "fflate";
import { createHash } from "node:crypto";
import type { Instance } from "../../kernel/instance.js";
import type { HostRuntime } from "../../host/host.js";
import { Host } from "../../host/host.js";
import { BuiltInMachine } from "../../host/built-in-machine.js";
import type { Machine, MachineOptions, MachinePorts } from "../../host/machine.js";
import type { AwsCall } from "../../host/role-call.js";
import type { AgentPort } from "../../host/plugins/plugin.js";

/** Virtual time without processes: sleeping just moves the clock. */
export class PlainClock {
  constructor(public now = Date.UTC(2026, 0, 5, 8)) {}

  sleep(duration: number): Promise<void> {
    this.now += duration;
    return Promise.resolve();
  }
}

export interface TestPorts extends MachinePorts {
  readonly clock: PlainClock;
  /** What was reported as not modelled. */
  readonly met: string[];
  /** What was asked of AWS. */
  readonly calls: AwsCall[];
  /** What AWS answers. */
  answer: (request: AwsCall) => unknown;
}

export function ports(): TestPorts {
  const met: string[] = [];
  const calls: AwsCall[] = [];
  let count = 0;
  return {
    clock: new PlainClock(),
    met,
    calls,
    unique: (length) => String(++count).padStart(length, "a"),
    answer: () => {
      throw new Error("no call is expected");
    },
    async call(request) {
      calls.push(request);
      return Promise.resolve(this.answer(request));
    },
    reportNotRehearsed: (subject) => void met.push(subject),
  };
}

export const AMAZON_LINUX = {
  platformType: "Linux",
  platformName: "Amazon Linux",
  platformVersion: "2023",
  architecture: "x86_64",
} as const;

export const WINDOWS_SERVER = {
  platformType: "Windows",
  platformName: "Microsoft Windows Server 2022 Datacenter",
  platformVersion: "10.0.20348",
  architecture: "x86_64",
} as const;

export function machine(world = ports(), options: Partial<MachineOptions> = {}): Machine {
  const defaults = { privateIp: "10.0.1.23", instanceType: "t3.micro", os: AMAZON_LINUX };
  return new BuiltInMachine(world, { ...defaults, ...options });
}

export function instance(changes: Partial<Instance> = {}): Instance {
  const [account, region, id] = ["222222222222", "eu-central-1", "i-0a1b2c3d4e5f60718"];
  return {
    id,
    arn: `arn:aws:ec2:${region}:${account}:instance/${id}`,
    account,
    region,
    imageId: "ami-00000000000000000",
    instanceType: "t3.micro",
    subnetId: "subnet-00000000000000000",
    availabilityZone: "eu-central-1a",
    securityGroupIds: [],
    privateIp: "10.0.1.23",
    os: AMAZON_LINUX,
    state: "running",
    launchTime: 0,
    tags: new Map(),
    ...changes,
  };
}

/** A package as it would be in SSM: what the agent is answered. */
export interface TestPackage {
  readonly manifest: object;
  readonly attachments: Readonly<Record<string, Uint8Array>>;
  /** @default 1 */
  readonly documentVersion?: string;
}

export const PACKAGE_ARN = "arn:aws:ssm:eu-central-1:111111111111:document/cf-package-tool";

/** An agent whose AWS is a function, and whose timeline is a list. */
export class FakeAgent implements AgentPort {
  readonly world = ports();
  readonly host: Host;
  readonly calls: string[] = [];
  readonly reported: string[] = [];
  /** Scripts that were read and not run. */
  readonly parsed: string[] = [];
  /** Scripts that another interpreter than the host's own ran. */
  readonly elsewhere: string[] = [];
  answer: (operation: string, input: { readonly Name?: string }) => unknown = () => {
    throw new Error("no call is expected");
  };
  downloads: Record<string, Uint8Array> = {};

  constructor(given: Partial<Instance> = {}, hostRuntime: HostRuntime = {}) {
    this.host = new Host(instance(given), this.world, {}, hostRuntime);
  }

  get now(): number {
    return this.world.clock.now;
  }

  /** Lets AWS have a package under the name. */
  serve({ manifest, attachments, documentVersion = "1" }: TestPackage): void {
    const Content = JSON.stringify(manifest);
    this.answer = (operation, { Name }) => {
      const common = { Name, Status: "Active", DocumentVersion: documentVersion };
      if (operation === "DescribeDocument")
        return { Document: { ...common, Hash: sha256(Content) } };
      const AttachmentsContent = Object.keys(attachments).map((file) => ({
        Name: file,
        Url: file,
      }));
      return { ...common, Content, AttachmentsContent };
    };
    this.downloads = { ...attachments };
  }

  async call<Output>(service: string, operation: string, input: object): Promise<Output> {
    this.calls.push(`${service}:${operation}`);
    return Promise.resolve(this.answer(operation, input) as Output);
  }

  /** Every service is reachable. */
  checkReachable(): void {}

  download(url: string): Uint8Array | undefined {
    return this.downloads[url];
  }

  sleep(duration: number): Promise<void> {
    return this.world.clock.sleep(duration);
  }

  /** What is to happen later: the test has it happen. */
  readonly later: (() => Promise<void>)[] = [];

  background(delay: number, process: () => Promise<void>): void {
    this.later.push(async () => {
      await this.sleep(delay);
      await process();
    });
  }

  random(): number {
    return 0;
  }

  report(kind: string, text: string): void {
    this.reported.push(`${kind}: ${text}`);
  }

  reportNotRehearsed(subject: string): void {
    this.world.reportNotRehearsed(subject);
  }

  letOut(): boolean {
    return true;
  }

  parsedOnly(script: string): void {
    this.parsed.push(script);
  }

  executedElsewhere(script: string): void {
    this.elsewhere.push(script);
  }
}

/** A zip of texts, made on Unix. `modes`: by name, 0644 otherwise. */
export function zip(
  files: Readonly<Record<string, string>>,
  modes: Readonly<Record<string, number>> = {},
): Uint8Array {
  const entries: Zippable = {};
  for (const [name, text] of Object.entries(files)) {
    const attrs = ((modes[name] ?? 0o644) | 0o100000) << 16;
    entries[name] = [Buffer.from(text), { os: 3, attrs, mtime: new Date(1980, 0, 1) }];
  }
  return zipSync(entries);
}

/** A package with one zip for every Linux. */
export function linuxPackage(
  version: string,
  scripts: Readonly<Record<string, string>>,
  documentVersion = "1",
): TestPackage {
  const bytes = zip(scripts);
  const file = "tool.zip";
  return {
    documentVersion,
    attachments: { [file]: bytes },
    manifest: {
      schemaVersion: "2.0",
      version,
      packages: { _any: { _any: { _any: { file } } } },
      files: { [file]: { checksums: { sha256: sha256(bytes) } } },
    },
  };
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
