import type { HostCloud } from "./host-cloud.js";
import { LATENCY } from "../kernel/latency.js";
import type { TimelineEntry } from "../kernel/timeline.js";
import { manageCloudWatchAgent } from "./cloudwatch-agent/manage-agent.js";
import { configurePackage } from "./plugins/configure-package.js";
import { domainJoin } from "./plugins/domain-join.js";
import type { Host } from "./host.js";
import type { AgentPort, Plugin, PluginInputs, PluginResult } from "./plugins/plugin.js";
import { notRehearsed } from "./plugins/plugin.js";
import { runPowerShellScript } from "./plugins/run-powershell-script.js";
import { runShellScript } from "./plugins/run-shell-script.js";
import { own } from "../own.js";

/** The plugins that are rehearsed, by the action of a document's step. */
const PLUGINS: Readonly<Record<string, Plugin>> = {
  "aws:configurePackage": configurePackage,
  "aws:domainJoin": domainJoin,
  "aws:runPowerShellScript": runPowerShellScript,
  "aws:runShellScript": runShellScript,
};

/** Replaces the scripts of AWS's own documents, which are not available here; only those documents name one. */
const MODELS: Readonly<Record<string, Plugin>> = {
  "AmazonCloudWatch-ManageAgent": manageCloudWatchAgent,
};

/** How often a step may request a reboot before the rehearsal considers it a loop. AWS has no such limit. */
const MAXIMUM_REBOOTS = 5;

/** SSM Agent on a host: runs the steps of commands, with the credentials of the instance's role. */
export class Agent implements AgentPort {
  constructor(
    private readonly cloud: HostCloud,
    readonly host: Host,
    private readonly fetch: (url: string) => Uint8Array | undefined,
  ) {}

  readonly stop?: AbortSignal;

  /** The agent while it runs a command that can be cancelled. */
  until(stop: AbortSignal): Agent {
    return Object.create(this, { stop: { value: stop } }) as Agent;
  }

  /** Runs one step; a step that asks for a reboot is run again after it, as the agent does. */
  async run(action: string, inputs: PluginInputs, packageName?: string): Promise<PluginResult> {
    const { modelledAs } = inputs;
    const plugin = typeof modelledAs === "string" ? own(MODELS, modelledAs) : own(PLUGINS, action);
    if (plugin === undefined) return notRehearsed(this, `plugin ${action}`);
    for (let reboots = 0; ; reboots++) {
      const result = await plugin(inputs, this, packageName);
      if (result.status !== "SuccessAndReboot" || this.stop?.aborted === true) return result;
      if (reboots === MAXIMUM_REBOOTS) {
        const text = `the step asked for a reboot ${MAXIMUM_REBOOTS + 1} times in a row`;
        this.report("failure", text);
        return { ...result, status: "Failed", exitCode: 1, stderr: `${result.stderr}\n${text}` };
      }
      this.report("info", "the host reboots because the step asked for it");
      await this.sleep(LATENCY.reboot);
      await this.host.reboot();
    }
  }

  get now(): number {
    return this.cloud.clock.now;
  }

  async call<Output>(service: string, operation: string, input: object): Promise<Output> {
    const { instance } = this.host;
    const { account, region } = instance;
    this.checkReachable(service);
    const principal = await this.cloud.ec2.profileSession(instance);
    return this.cloud.call<Output>({ principal, account, region, service, operation, input });
  }

  checkReachable(service: string): void {
    this.cloud.ec2.checkReachable(this.host.instance, service);
  }

  download(url: string): Uint8Array | undefined {
    this.checkReachable("s3");
    return this.fetch(url);
  }

  letOut(address: string, port: number): boolean {
    return this.cloud.ec2.network.letOut(this.host.instance, address, port);
  }

  async sleep(duration: number): Promise<void> {
    await this.cloud.clock.sleep(duration);
  }

  background(delay: number, process: () => Promise<void>): void {
    this.cloud.clock.spawn(process, delay);
  }

  random(purpose: string, below: number): number {
    return (
      Number.parseInt(this.cloud.ids.hex(`${this.host.instance.id} ${purpose}`, 8), 16) % below
    );
  }

  report(kind: TimelineEntry["kind"], text: string): void {
    const { account, region, id } = this.host.instance;
    this.cloud.report({ account, region, instanceId: id, source: "agent", kind, text });
  }

  reportNotRehearsed(subject: string): void {
    this.cloud.reportNotRehearsed(subject);
  }

  parsedOnly(script: string): void {
    this.cloud.reportParsedOnly(script);
  }

  executedElsewhere(script: string): void {
    this.cloud.reportExecutedElsewhere(script);
  }
}
