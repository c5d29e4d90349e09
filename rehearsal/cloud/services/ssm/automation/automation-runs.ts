import type { AutomationCloud } from "./automations.js";
import type { Runbook } from "../../../../../runbooks/loader/runbook.js";
import { operationNamed } from "../../../../runbook/api-names.js";
import { AutomationEvents } from "./automation-events.js";
import type { StartRequest } from "./start-request.js";
import type { StartInput } from "../../../../runbook/start-input.js";
import { AutomationQueue, enterAll } from "./automation-queue.js";
import type { AutomationExecution } from "../../../../runbook/execution.js";
import { asTexts, childrenOf, isOver } from "../../../../runbook/execution.js";
import { Executor } from "../../../../runbook/executor.js";
import type { Port } from "../../../../runbook/port.js";
import { python } from "../../../../runbook/python/interpreter.js";
import type { Signal } from "../../../../kernel/clock.js";
import { AwsError, messageOf } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import type { Principal } from "../../../../kernel/principal.js";
import { principalName } from "../../../../kernel/principal.js";
import { PRICE } from "../../../../kernel/prices.js";
import {
  CONCURRENT_RATE_CONTROLS,
  MAX_NESTING,
  QUEUED_RATE_CONTROLS,
} from "../../../../kernel/quotas.js";
import { Regional } from "../../../../kernel/regional.js";
import { FanOut } from "./automation-fan-out.js";

/** What a child automation has of its parent. */
export interface Origin {
  readonly parent: AutomationExecution;
  /** The value of the target parameter. */
  readonly target?: string;
}

/** The state of one automation, and what it needs to run. */
export interface Run {
  readonly execution: AutomationExecution;
  readonly request: StartRequest;
  readonly principal: Principal;
  readonly caller: Caller;
}

/** Runs automations: as their roles, in their turn, to their end. */
export class AutomationRuns {
  readonly executions = new Regional<AutomationExecution>();
  private readonly runbooks = new WeakMap<AutomationExecution, Runbook>();
  private readonly ends = new WeakMap<AutomationExecution, Signal<void>>();
  private readonly queue: AutomationQueue;
  private readonly rateControls: AutomationQueue;
  private readonly events: AutomationEvents;
  private readonly fanOut: FanOut;

  constructor(private readonly cloud: AutomationCloud) {
    const { clock } = cloud;
    this.queue = new AutomationQueue(clock);
    this.rateControls = new AutomationQueue(clock, CONCURRENT_RATE_CONTROLS, QUEUED_RATE_CONTROLS);
    this.events = new AutomationEvents(cloud);
    this.fanOut = new FanOut(cloud, this, this.events);
  }

  /** The runbook of an execution. */
  runbook(execution: AutomationExecution): Runbook {
    const found = this.runbooks.get(execution);
    if (found === undefined) throw new Error(`execution ${execution.id} has no runbook`);
    return found;
  }

  /** Waits until an execution is over. */
  async ended(execution: AutomationExecution): Promise<void> {
    if (!isOver(execution.status)) await this.ends.get(execution)?.wait();
  }

  /** Assumes the role and lets the execution run, at once or when its turn comes. */
  async start(
    request: StartRequest,
    caller: Caller,
    origin?: Origin,
  ): Promise<AutomationExecution> {
    const { account, region } = caller;
    const id = this.cloud.ids.uuid("automation execution");
    const principal = await this.actor(request, id, caller);
    const queues =
      request.multiTarget === undefined ? [this.queue] : [this.queue, this.rateControls];
    const turns = enterAll(queues, account, region);
    const execution = this.execution(request, caller, id, origin);
    if (turns.length > 0) execution.status = "Pending";
    this.executions.in(account, region).set(id, execution);
    this.runbooks.set(execution, request.runbook);
    this.ends.set(execution, this.cloud.clock.signal<void>());
    if (turns.length > 0) this.events.executionChanged(execution);
    const run = { execution, request, principal, caller };
    this.cloud.clock.spawn(() => this.run(run, turns, queues));
    return execution;
  }

  /** Stops an execution and the automations that it has started. */
  stop(execution: AutomationExecution, type: "Cancel" | "Complete"): void {
    if (isOver(execution.status)) return;
    execution.status = "Cancelling";
    execution.stopped = type;
    // What runs under an automation that is to complete goes on to its end.
    if (type === "Cancel") for (const child of childrenOf(execution)) this.stop(child, type);
  }

  private execution(
    request: StartRequest,
    { account, principal, region }: Caller,
    id: string,
    origin: Origin | undefined,
  ): AutomationExecution {
    const shown = request.multiTarget === undefined ? request.values : undefined;
    return {
      id,
      arn: this.cloud.arn("ssm", region, account, `automation-execution/${id}`),
      account,
      region,
      documentName: request.documentName,
      documentVersion: request.version,
      parameters:
        shown === undefined
          ? request.given
          : Object.fromEntries(Object.entries(shown).map(([name, v]) => [name, asTexts(v)])),
      values: request.values,
      executedBy: principalName(principal),
      ...(request.roleArn !== undefined && { assumeRole: request.roleArn }),
      ...(request.multiTarget !== undefined && {
        multiTarget: { ...request.multiTarget, waiting: [] },
      }),
      ...(origin !== undefined && { parentId: origin.parent.id }),
      ...(origin?.target !== undefined && { target: origin.target }),
      tags: request.tags,
      depth: origin === undefined ? 0 : origin.parent.depth + 1,
      payer: origin?.parent.payer ?? account,
      status: "InProgress",
      startTime: this.cloud.clock.now,
      steps: [],
      outputs: {},
      billed: { automationStep: 0, scriptSecond: 0 },
      price: 0,
    };
  }

  /**
   * The principal that the automation acts as. AWS tries the role before it accepts the start (User Guide, "Troubleshooting
   * Systems Manager Automation": "Automation execution failed to start").
   */
  private async actor(request: StartRequest, id: string, { account, principal, region }: Caller) {
    if (request.roleArn === undefined) return principal;
    try {
      return await this.cloud.sts.assume({
        principal: {
          kind: "service",
          service: "ssm.amazonaws.com",
          sourceAccount: account,
          sourceArn: this.cloud.arn("ssm", region, account, `automation-execution/${id}`),
        },
        roleArn: request.roleArn,
        sessionName: `Automation-${id}`,
        region,
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError(
        "InvalidAutomationExecutionParametersException",
        `The defined assume role is unable to be assumed. ${messageOf(error)}`,
      );
    }
  }

  private async run(
    run: Run,
    turns: readonly Signal<void>[],
    queues: readonly AutomationQueue[],
  ): Promise<void> {
    const { execution, request } = run;
    for (const turn of turns) await turn.wait();
    if (execution.status === "Pending") execution.status = "InProgress";
    if (execution.status === "InProgress") this.events.executionChanged(execution);
    if (request.multiTarget !== undefined) await this.fanOut.run(run, request.multiTarget);
    else await new Executor(request.runbook, execution, this.port(run)).run();
    execution.endTime = this.cloud.clock.now;
    for (const queue of queues) queue.leave(execution.account, execution.region);
    this.events.executionChanged(execution);
    this.ends.get(execution)?.set();
  }

  /** Charges what AWS bills to the execution; the account that pays is that of its first parent. */
  bill(execution: AutomationExecution, item: keyof typeof PRICE, count: number): void {
    const price = count * PRICE[item];
    execution.billed[item] += count;
    execution.price += price;
    this.cloud.charge(execution.payer, price);
  }

  /** Starts an automation through the door, as a principal, for one that runs; it is this one's child from then on. */
  async startChild(
    parent: AutomationExecution,
    principal: Principal,
    at: { readonly account: string; readonly region: string },
    input: StartInput,
  ): Promise<AutomationExecution> {
    if (parent.depth >= MAX_NESTING) {
      throw new AwsError(
        "AutomationExecutionLimitExceededException",
        `Automations are nested in at most ${MAX_NESTING} levels.`,
      );
    }
    const call = { principal, ...at, service: "ssm", operation: "StartAutomationExecution", input };
    const { AutomationExecutionId: id } = await this.cloud.call<{ AutomationExecutionId: string }>(
      call,
    );
    const child = this.executions.in(at.account, at.region).get(id);
    if (child === undefined) throw new Error(`the automation ${id} was started and is not there`);
    child.parentId = parent.id;
    child.depth = parent.depth + 1;
    child.payer = parent.payer;
    return child;
  }

  private port({ execution, principal }: Run): Port {
    const { cloud } = this;
    const { account, region } = execution;
    return {
      clock: cloud.clock,
      ids: cloud.ids,
      python,
      account,
      region,
      partition: cloud.partition.id,
      call: ({ service, operation: name, input, region: other }) => {
        const operations = Object.keys(cloud.operationsOf(service) ?? {});
        const named = operationNamed(name, operations);
        const where = { account, region: other ?? region };
        return cloud.callAtOnce({ principal, ...where, service, operation: named, input });
      },
      startAutomation: async (step, input) => {
        const child = await this.startChild(execution, principal, { account, region }, input);
        step.child = child;
        return { execution: child, ended: () => this.ended(child) };
      },
      bill: (item, count) => {
        this.bill(execution, item, count);
      },
      stepChanged: (step) => {
        this.events.stepChanged(execution, step);
      },
      isStopping: () => execution.stopped === "Cancel",
      isCompleting: () => execution.stopped === "Complete",
      // The door has already noted what a call met that is not modelled.
      reportNotRehearsed: (subject) => {
        if (!cloud.notRehearsed.has(subject)) cloud.reportNotRehearsed(subject);
      },
    };
  }
}
