import type { Runbook } from "../../runbooks/loader/runbook.js";
import { isTrue } from "../../runbooks/loader/step-order.js";
import type { Json, Step } from "../../runbooks/loader/step.js";
import { isModelled } from "../../runbooks/loader/step.js";
import { NotRehearsed } from "../kernel/errors.js";
import { LATENCY } from "../kernel/latency.js";
import { attempt } from "./attempt.js";
import type { AutomationExecution, ParentStep, StepExecution } from "./execution.js";
import { asTexts } from "./execution.js";
import type { Port } from "./port.js";
import type { Runners } from "./runners.js";
import { runnersFor } from "./runners.js";
import { StepFailure } from "./step-failure.js";
import type { SequenceResult, StepResult } from "./step-runner.js";
import { systemValues } from "./system-values.js";
import { Values } from "./values.js";

/** Runs a runbook, step by step, on virtual time. */
export class Executor {
  private readonly runners: Runners;

  constructor(
    private readonly runbook: Runbook,
    private readonly execution: AutomationExecution,
    private readonly port: Port,
  ) {
    this.runners = runnersFor((name) => runbook.variables[name]?.type);
  }

  /** Runs all of it and leaves the outcome in the execution. */
  async run(): Promise<void> {
    const { execution, port, runbook } = this;
    const variables = new Map<string, Json>();
    for (const [name, variable] of Object.entries(runbook.variables)) {
      if (variable.default !== undefined) variables.set(name, variable.default);
    }
    const system = systemValues(port, execution.id);
    const values = new Values(execution.values, variables, system);
    const { abortedBy, criticalFailure } = await this.runSteps(runbook.steps, values);
    const culprit = abortedBy ?? criticalFailure;
    // Which status an execution gets whose critical step timed out is not documented where onFailure led on.
    execution.status = culprit?.status ?? "Success";
    if (culprit?.failureMessage !== undefined) execution.failureMessage = culprit.failureMessage;
    if (culprit?.reason !== undefined) execution.reason = culprit.reason;
    execution.outputs = Object.fromEntries(
      runbook.outputs.map((name) => [name, outputTexts(name, values)]),
    );
  }

  /** One list of steps: the runbook's, or those inside a loop. */
  private async runSteps(
    steps: readonly Step[],
    values: Values,
    parent?: ParentStep,
  ): Promise<SequenceResult> {
    let criticalFailure: StepExecution | undefined;
    let index = 0;
    for (;;) {
      const definition = steps[index];
      if (definition === undefined) break;
      const { step, result } = await this.runStep(definition, values, parent);
      const failed = step.status !== "Success";
      if (failed && isCritical(definition)) criticalFailure = step;
      if (failed && aborts(step)) return { abortedBy: step };
      const jump = failed ? stepAfterFailure(definition) : result.next;
      // A branch that has chosen goes on even with isEnd, as in the User Guide's example: isEnd is for no choice.
      if (isTrue(definition.isEnd) && (failed || jump === undefined)) break;
      const next = jump ?? definition.nextStep;
      index = next === undefined ? index + 1 : steps.findIndex(({ name }) => name === next);
    }
    return criticalFailure === undefined ? {} : { criticalFailure };
  }

  private async runStep(definition: Step, values: Values, parent?: ParentStep) {
    await this.port.clock.sleep(LATENCY.automationStep);
    const step = this.begin(definition, parent);
    let result: StepResult = {};
    try {
      result = await this.tryOften(definition, step, values);
      step.status = "Success";
      if (result.next !== undefined) step.chosen = result.next;
      values.setOutputs(definition.name, step.outputs);
    } catch (error) {
      this.fail(step, error);
    }
    step.end = this.port.clock.now;
    this.port.stepChanged(step);
    return { step, result };
  }

  private begin(definition: Step, parent?: ParentStep): StepExecution {
    const step: StepExecution = {
      id: this.port.ids.uuid("automation step"),
      name: definition.name,
      action: definition.action,
      definition,
      ...(parent !== undefined && { parent }),
      status: "InProgress",
      start: this.port.clock.now,
      attempts: 0,
      inputs: {},
      outputs: {},
    };
    this.execution.steps.push(step);
    this.port.stepChanged(step);
    return step;
  }

  /** Tries until an attempt succeeds or there is none left. */
  private async tryOften(
    definition: Step,
    step: StepExecution,
    values: Values,
  ): Promise<StepResult> {
    if (this.port.isStopping() || this.port.isCompleting()) throw StepFailure.cancelled();
    if (!isModelled(definition)) {
      throw new NotRehearsed(definition.action, "the rehearsal does not carry out this action");
    }
    const steps = definition.action === "aws:loop" ? definition.inputs.Steps : [];
    const around = {
      port: this.port,
      step,
      values,
      runSteps: (inner: Values, parent: ParentStep) => this.runSteps(steps, inner, parent),
    };
    const most = Number(values.resolve(definition.maxAttempts ?? 1));
    for (;;) {
      step.attempts += 1;
      try {
        return await attempt(definition, this.runners, around);
      } catch (error) {
        const again = error instanceof StepFailure && error.status !== "Cancelled";
        if (!again || step.attempts >= most) throw error;
      }
    }
  }

  private fail(step: StepExecution, error: unknown): void {
    if (error instanceof StepFailure) {
      const { onCancel } = step.definition;
      if (error.status === "Cancelled" && onCancel?.startsWith("step:")) {
        this.port.reportNotRehearsed(`onCancel ${onCancel}`);
      }
      step.status = error.status;
      step.reason = error.reason;
      step.failureMessage = error.message;
    } else if (error instanceof NotRehearsed) {
      step.status = "Failed";
      step.reason = error.message;
      step.failureMessage = error.message;
      step.notRehearsed = error.subject;
      this.port.reportNotRehearsed(error.subject);
    } else {
      throw error;
    }
  }
}

/**
 * Whether the failure of a step makes the execution fail. By default it does, unless onFailure is Continue.
 * The User Guide adds that isCritical "is only evaluated if you explicitly define it"; taken literally a
 * failure that onFailure leads on from would then not count. Its example sets isCritical: false for just
 * that, so here the default counts.
 */
function isCritical({ isCritical, onFailure }: Step): boolean {
  return isCritical === undefined ? onFailure !== "Continue" : isTrue(isCritical);
}

/** Whether a failed step ends its list of steps. */
function aborts({ definition, status, notRehearsed, inherits }: StepExecution): boolean {
  // A step that is not rehearsed always ends the run, whatever onFailure says: what AWS would do is not known.
  if (status === "Cancelled" || notRehearsed !== undefined || inherits === "Abort") return true;
  return (definition.onFailure ?? "Abort") === "Abort";
}

/** Where onFailure leads, or undefined for the step that would have come anyway. */
function stepAfterFailure({ onFailure }: Step): string | undefined {
  return onFailure?.startsWith("step:") ? onFailure.slice("step:".length) : undefined;
}

function outputTexts(name: string, values: Values): readonly string[] {
  const value = values.resolveIfKnown(name.startsWith("{{") ? name : `{{ ${name} }}`);
  return value === undefined
    ? ["No output available yet because the step is not successfully executed"]
    : asTexts(value);
}
