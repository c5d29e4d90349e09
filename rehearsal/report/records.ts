import type { CallRecord } from "../kernel/call.js";
import type { Command, Invocation } from "../cloud/services/ssm/run-command/commands.js";
import type { AutomationExecution } from "../runbook/execution.js";
import { instanceIn, instanceOfRun } from "../scenario/about.js";
import type { Environment } from "../scenario/setup/environment.js";

export interface Sent {
  readonly command: Command;
  readonly invocation: Invocation;
}

/** The records of an environment, by the instance that they are about: looked up once for thousands of hosts. */
export class Records {
  private readonly runs = new Map<string, AutomationExecution[]>();
  /** Runs that are for no instance in particular. */
  readonly others: AutomationExecution[] = [];
  private readonly commands = new Map<string, Sent[]>();
  private readonly calls = new Map<string, CallRecord[]>();
  /** When an instance was `running` first. */
  private readonly firstRunning = new Map<string, number>();
  /** The instance by the name of the session that worked for it. */
  private readonly sessions = new Map<string, string>();

  constructor({ cloud }: Environment) {
    for (const execution of cloud.ssm.automations.executions.all()) {
      const instanceId = instanceOfRun(execution);
      if (instanceId === undefined) {
        this.others.push(execution);
        continue;
      }
      add(this.runs, instanceId, execution);
      this.sessions.set(`Automation-${execution.id}`, instanceId);
    }
    for (const command of cloud.ssm.commands.all) {
      for (const invocation of command.invocations.values()) {
        add(this.commands, invocation.instanceId, { command, invocation });
      }
    }
    for (const { messages } of cloud.sqs.all) {
      for (const { Body } of messages) {
        // EventBridge's session has the name of the event.
        const event = /^\{"version":"0","id":"([0-9a-f-]{36})"/.exec(Body)?.[1];
        const instanceId = this.instanceIn(Body);
        if (event === undefined || instanceId === undefined) continue;
        this.sessions.set(event.replaceAll("-", ""), instanceId);
      }
    }
    for (const call of cloud.calls) {
      const instanceId = this.instanceOf(call);
      if (instanceId !== undefined) add(this.calls, instanceId, call);
    }
    for (const { instanceId, source, text, time } of cloud.timeline) {
      if (instanceId === undefined || source !== "EC2" || text !== "instance is running") continue;
      if (!this.firstRunning.has(instanceId)) this.firstRunning.set(instanceId, time);
    }
  }

  runsOf(instanceId: string): readonly AutomationExecution[] {
    return this.runs.get(instanceId) ?? [];
  }

  commandsOn(instanceId: string): readonly Sent[] {
    return this.commands.get(instanceId) ?? [];
  }

  callsFor(instanceId: string): readonly CallRecord[] {
    return this.calls.get(instanceId) ?? [];
  }

  runningSince(instanceId: string): number | undefined {
    return this.firstRunning.get(instanceId);
  }

  /** The instance that a text is about: by its id, or by the id of its run. */
  instanceIn(text: string): string | undefined {
    const [, run] = /"ExecutionId":"([0-9a-f-]{36})"/.exec(text) ?? [];
    return instanceIn(text) ?? this.sessions.get(`Automation-${run ?? ""}`);
  }

  /** The instance for which a call was made, if the session's name contains it. */
  instanceOf({ principal }: CallRecord): string | undefined {
    const session = principal.slice(principal.lastIndexOf("/") + 1);
    return this.sessions.get(session) ?? (session.startsWith("i-") ? session : undefined);
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
