import type {
  DescribeAutomationExecutionsCommandInput,
  DescribeAutomationStepExecutionsCommandInput,
} from "@aws-sdk/client-ssm";
import { type Runbook } from "../../../../runbooks/runbook.js";
import {
  apiExecution,
  apiMetadata,
  apiStep,
  type Filter,
  filterExecutions,
  filterSteps,
  page,
} from "../../../runbook/automation-api.js";
import { operationNamed } from "../../../runbook/api-names.js";
import { AutomationNotes } from "../../../runbook/automation-notes.js";
import {
  type Order,
  orderOf,
  startAccess,
  type StartInput,
} from "../../../runbook/automation-order.js";
import { AutomationQueue } from "../../../runbook/automation-queue.js";
import { asTexts, type AutomationExecution, isOver } from "../../../runbook/execution.js";
import { Executor } from "../../../runbook/executor.js";
import { type Port } from "../../../runbook/port.js";
import { python } from "../../../runbook/python/interpreter.js";
import { type Access } from "../../authorization.js";
import { type Signal } from "../../clock.js";
import { PRICE } from "../../prices.js";
import { type Cloud } from "../../cloud.js";
import { AwsError, messageOf } from "../../errors.js";
import { type Caller, operation } from "../../operation.js";
import { type Principal, principalName } from "../../principal.js";
import { Regional } from "../../regional.js";

interface ById {
  readonly AutomationExecutionId: string;
}

/** Automation: executions of runbooks, and the limits on how many run at once. */
export class SsmAutomations {
  readonly executions = new Regional<AutomationExecution>();
  private readonly runbooks = new WeakMap<AutomationExecution, Runbook>();
  private readonly queue: AutomationQueue;
  private readonly notes: AutomationNotes;

  constructor(private readonly cloud: Cloud) {
    this.queue = new AutomationQueue(cloud.clock);
    this.notes = new AutomationNotes(cloud);
  }

  readonly operations = {
    StartAutomationExecution: operation<StartInput, ById>({
      access: (input, caller) => startAccess(orderOf(input, caller), input, caller),
      run: (input, caller) => this.start(orderOf(input, caller), caller),
    }),
    GetAutomationExecution: operation<ById, object>({
      access: (input, caller) => this.access("ssm:GetAutomationExecution", input, caller),
      run: (input, caller) => {
        const execution = this.execution(input, caller);
        const runbook = this.runbooks.get(execution);
        if (runbook === undefined) throw new Error(`execution ${execution.id} has no runbook`);
        return { AutomationExecution: apiExecution(execution, runbook) };
      },
    }),
    DescribeAutomationExecutions: operation<DescribeAutomationExecutionsCommandInput, object>({
      access: (_input, { account }) => [
        { action: "ssm:DescribeAutomationExecutions", resource: "*", resourceAccount: account },
      ],
      run: (input, { account, region }) => {
        const all = [...this.executions.in(account, region).values()].reverse();
        const { items, ...rest } = page(filterExecutions(all, filtersOf(input)), pageOf(input));
        return { AutomationExecutionMetadataList: items.map(apiMetadata), ...rest };
      },
    }),
    DescribeAutomationStepExecutions: operation<
      DescribeAutomationStepExecutionsCommandInput & ById,
      object
    >({
      access: (input, caller) => this.access("ssm:DescribeAutomationStepExecutions", input, caller),
      run: (input, caller) => {
        const found = filterSteps(this.execution(input, caller).steps, filtersOf(input));
        if (input.ReverseOrder === true) found.reverse();
        const { items, ...rest } = page(found, pageOf(input));
        return { StepExecutions: items.map(apiStep), ...rest };
      },
    }),
    StopAutomationExecution: operation<ById & { readonly Type?: string }, object>({
      access: (input, caller) => this.access("ssm:StopAutomationExecution", input, caller),
      run: (input, caller) => {
        const execution = this.execution(input, caller);
        // "Complete" and "Cancel" differ in what becomes of the step at work, which here is always cancelled.
        if (!isOver(execution.status)) execution.status = "Cancelling";
        return {};
      },
    }),
  };

  /** Assumes the role and lets the execution run, at once or when its turn comes. */
  private async start(order: Order, caller: Caller): Promise<ById> {
    const { account, region } = caller;
    const id = this.cloud.ids.uuid("automation execution");
    const principal = await this.actor(order, id, caller);
    const turn = this.queue.enter(account, region);
    const execution: AutomationExecution = {
      id,
      arn: this.cloud.arn("ssm", region, account, `automation-execution/${id}`),
      account,
      region,
      documentName: order.documentName,
      documentVersion: order.version,
      parameters: Object.fromEntries(
        Object.entries(order.values).map(([name, value]) => [name, asTexts(value)]),
      ),
      values: order.values,
      executedBy: principalName(caller.principal),
      ...(order.roleArn !== undefined && { assumeRole: order.roleArn }),
      status: turn === undefined ? "InProgress" : "Pending",
      startTime: this.cloud.clock.now,
      steps: [],
      outputs: {},
      billed: { automationStep: 0, scriptSecond: 0 },
      price: 0,
    };
    this.executions.in(account, region).set(id, execution);
    this.runbooks.set(execution, order.runbook);
    if (turn !== undefined) this.notes.executionChanged(execution);
    this.cloud.clock.spawn(() => this.run(execution, order.runbook, principal, turn));
    return { AutomationExecutionId: id };
  }

  /**
   * Whom the automation acts as. AWS tries the role before it accepts the start (User Guide, "Troubleshooting
   * Systems Manager Automation": "Automation execution failed to start").
   */
  private async actor(order: Order, id: string, { account, principal, region }: Caller) {
    if (order.roleArn === undefined) return principal;
    try {
      return await this.cloud.sts.assume({
        principal: {
          kind: "service",
          service: "ssm.amazonaws.com",
          sourceAccount: account,
          sourceArn: this.cloud.arn("ssm", region, account, `automation-execution/${id}`),
        },
        roleArn: order.roleArn,
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
    execution: AutomationExecution,
    runbook: Runbook,
    principal: Principal,
    turn: Signal<void> | undefined,
  ): Promise<void> {
    if (turn !== undefined) {
      await turn.wait();
      if (execution.status === "Pending") execution.status = "InProgress";
    }
    if (execution.status === "InProgress") this.notes.executionChanged(execution);
    await new Executor(runbook, execution, this.port(execution, principal)).run();
    execution.endTime = this.cloud.clock.now;
    this.queue.leave(execution.account, execution.region);
    this.notes.executionChanged(execution);
  }

  private port(execution: AutomationExecution, principal: Principal): Port {
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
        const known = Object.keys(cloud.operationsOf(service) ?? {});
        const named = operationNamed(name, known);
        const where = { account, region: other ?? region };
        return cloud.callAtOnce({ principal, ...where, service, operation: named, input });
      },
      bill: (item, count) => {
        execution.billed[item] += count;
        execution.price += count * PRICE[item];
        cloud.price += count * PRICE[item];
      },
      stepChanged: (step) => this.notes.stepChanged(execution, step),
      isStopping: () => execution.status === "Cancelling",
      // What a call met is noted at the door already.
      meetsUnmodelled: (subject) => {
        if (!cloud.notRehearsed.has(subject)) cloud.meetsUnmodelled(subject);
      },
    };
  }

  /** @throws AwsError AutomationExecutionNotFoundException */
  private execution({ AutomationExecutionId: id }: ById, { account, region }: Caller) {
    const found = this.executions.in(account, region).get(id);
    if (found !== undefined) return found;
    throw new AwsError(
      "AutomationExecutionNotFoundException",
      `There is no automation execution information for the requested automation execution ID ${id}.`,
    );
  }

  private access(action: string, input: ById, caller: Caller): Access[] {
    const { arn, account } = this.execution(input, caller);
    return [{ action, resource: arn, resourceAccount: account }];
  }
}

function filtersOf(input: { Filters?: { Key?: string; Values?: string[] }[] }): Filter[] {
  return (input.Filters ?? []).map(({ Key = "", Values = [] }) => ({ Key, Values }));
}

function pageOf(input: { MaxResults?: number; NextToken?: string }) {
  const { MaxResults, NextToken } = input;
  return {
    ...(MaxResults !== undefined && { MaxResults }),
    ...(NextToken !== undefined && { NextToken }),
  };
}
