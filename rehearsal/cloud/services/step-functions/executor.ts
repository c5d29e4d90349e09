import { isoTime } from "../../../kernel/clock.js";
import { LATENCY } from "../../../kernel/latency.js";
import type { ChoiceRule, Retrier, State, States, Values } from "./definition.js";
import type { Execution } from "./execution.js";
import type { Scope } from "./expressions.js";
import { evaluate } from "./expressions.js";
import { ExecutionEnded, StateFailed } from "./failure.js";
import { runTask } from "./integrations.js";

/** The result of a state: the next state and its input. */
interface Step {
  readonly next?: string;
  readonly output: unknown;
}

/** Values of a running list of states. */
interface Frame {
  variables: Values;
  /** The item of a Map, as `$states.context.Map` has it. */
  readonly map?: Values;
}

/** AWS's defaults. Source: Amazon States Language, "Retrying after error". */
const RETRY = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 };

/** Carries an execution out, state by state. */
export class Executor {
  private readonly deadline: number;

  constructor(private readonly execution: Execution) {
    const { definition } = execution.machine;
    const limit = definition.TimeoutSeconds;
    this.deadline =
      limit === undefined ? Number.POSITIVE_INFINITY : execution.started + limit * 1000;
  }

  /** @throws StateFailed; ExecutionEnded; NotRehearsed */
  async run(): Promise<unknown> {
    const { machine, input } = this.execution;
    return this.states(machine.definition, JSON.parse(input) as unknown, { variables: {} });
  }

  private async states({ StartAt, States }: States, input: unknown, frame: Frame) {
    let at: string | undefined = StartAt;
    let value = input;
    while (at !== undefined) {
      const state = States[at];
      if (state === undefined) throw new StateFailed("States.Runtime", `no state is called ${at}`);
      await this.sleep(LATENCY.stateChange);
      this.execution.entered.push(at);
      const step: Step = await this.withCatch(state, at, value, frame);
      at = step.next;
      value = step.output;
    }
    return value;
  }

  private async withCatch(state: State, name: string, input: unknown, frame: Frame): Promise<Step> {
    try {
      return await this.withRetry(state, name, input, frame);
    } catch (error) {
      if (!(error instanceof StateFailed)) throw error;
      const catcher = state.Catch?.find(({ ErrorEquals }) => error.isAmong(ErrorEquals));
      if (catcher === undefined) throw error;
      const errorOutput = { Error: error.error, Cause: error.cause };
      const scope = this.scope(name, input, frame, { errorOutput });
      const { Next, Output, Assign } = catcher;
      return this.leave({ Next, Output, Assign }, scope, frame, errorOutput);
    }
  }

  private async withRetry(state: State, name: string, input: unknown, frame: Frame): Promise<Step> {
    const attempts = new Map<Retrier, number>();
    for (;;) {
      try {
        return await this.once(state, name, input, frame);
      } catch (error) {
        if (!(error instanceof StateFailed)) throw error;
        const retrier = state.Retry?.find(({ ErrorEquals }) => error.isAmong(ErrorEquals));
        const before = retrier === undefined ? 0 : (attempts.get(retrier) ?? 0);
        const settings = { ...RETRY, ...retrier };
        if (retrier === undefined || before >= settings.MaxAttempts) throw error;
        attempts.set(retrier, before + 1);
        const delay = settings.IntervalSeconds * settings.BackoffRate ** before;
        await this.sleep(Math.min(delay, retrier.MaxDelaySeconds ?? delay) * 1000);
      }
    }
  }

  private async once(state: State, name: string, input: unknown, frame: Frame): Promise<Step> {
    const scope = this.scope(name, input, frame);
    switch (state.Type) {
      case "Task": {
        const taskInput =
          state.Arguments === undefined ? input : await evaluate(state.Arguments, scope);
        const limit = state.TimeoutSeconds;
        const result = await runTask(
          this.execution,
          state.Resource ?? "",
          taskInput,
          this.sleeper(limit === undefined ? undefined : this.now + limit * 1000),
        );
        return this.leave(state, this.scope(name, input, frame, { result }), frame, result);
      }
      case "Map": {
        const result = await this.map(state, scope, input, frame);
        return this.leave(state, this.scope(name, input, frame, { result }), frame, result);
      }
      case "Choice":
        return this.choose(state, scope, frame, input);
      case "Wait":
        await this.sleep(Number(await evaluate(state.Seconds, scope)) * 1000);
        return this.leave(state, scope, frame, input);
      case "Fail":
        throw await this.failure(state, scope);
      default:
        return this.leave(state, scope, frame, input);
    }
  }

  private async map(state: State, scope: Scope, input: unknown, frame: Frame): Promise<unknown[]> {
    const items = state.Items === undefined ? input : await evaluate(state.Items, scope);
    if (!Array.isArray(items) || state.ItemProcessor === undefined) {
      const words = "Items of a Map state must be an array";
      throw new StateFailed("States.QueryEvaluationError", words);
    }
    const results: unknown[] = [];
    for (const [Index, Value] of (items as unknown[]).entries()) {
      const map = { Item: { Index, Value } };
      const inner: Frame = { variables: { ...frame.variables }, map };
      const selected =
        state.ItemSelector === undefined
          ? Value
          : await evaluate(state.ItemSelector, this.scope("", input, inner));
      results.push(await this.states(state.ItemProcessor, selected, inner));
    }
    return results;
  }

  private async choose(state: State, scope: Scope, frame: Frame, input: unknown): Promise<Step> {
    for (const rule of state.Choices ?? []) {
      const holds = await evaluate(rule.Condition, scope);
      if (typeof holds !== "boolean") {
        const words = `The Condition '${String(rule.Condition)}' is no boolean`;
        throw new StateFailed("States.QueryEvaluationError", words);
      }
      if (holds) return this.leave(rule, scope, frame, input);
    }
    if (state.Default === undefined)
      throw new StateFailed("States.NoChoiceMatched", "no choice matched, and there is no Default");
    return this.leave({ ...state, Next: state.Default }, scope, frame, input);
  }

  private async failure({ Error: name, Cause }: State, scope: Scope): Promise<StateFailed> {
    const texts = [await evaluate(name ?? "", scope), await evaluate(Cause ?? "", scope)];
    const [error = "", cause = ""] = texts.map(String);
    return new StateFailed(error, cause);
  }

  /** Output and variables see the same values; what is assigned is seen from the next state on. */
  private async leave(
    { Next, Output, Assign }: Pick<State | ChoiceRule, "Next" | "Output" | "Assign">,
    scope: Scope,
    frame: Frame,
    usual: unknown,
  ): Promise<Step> {
    const output = Output === undefined ? usual : await evaluate(Output, scope);
    if (Assign !== undefined) {
      const assigned = (await evaluate(Assign, scope)) as Values;
      frame.variables = { ...frame.variables, ...assigned };
    }
    return { output, ...(Next !== undefined && { next: Next }) };
  }

  private scope(name: string, input: unknown, { variables, map }: Frame, more: Values = {}): Scope {
    const { arn, name: execution, started, machine } = this.execution;
    const context = {
      Execution: {
        Id: arn,
        Name: execution,
        Input: JSON.parse(this.execution.input) as unknown,
        StartTime: isoTime(started),
        RoleArn: machine.roleArn,
      },
      StateMachine: { Id: machine.arn, Name: machine.name },
      State: { Name: name },
      ...(map !== undefined && { Map: map }),
    };
    return { states: { input, context, ...more }, variables };
  }

  private get now(): number {
    return this.execution.machine.cloud.clock.now;
  }

  private async sleep(milliseconds: number): Promise<void> {
    const { clock } = this.execution.machine.cloud;
    const left = Math.max(0, this.deadline - this.now);
    await clock.sleep(Math.min(milliseconds, left));
    if (this.execution.status !== "RUNNING") throw new ExecutionEnded("ABORTED");
    if (milliseconds > left) throw new ExecutionEnded("TIMED_OUT");
  }

  /** Sleeps of a task, until its own time is over. */
  private sleeper(until: number | undefined): (milliseconds: number) => Promise<void> {
    return async (milliseconds) => {
      const left = until === undefined ? milliseconds : Math.max(0, until - this.now);
      await this.sleep(Math.min(milliseconds, left));
      if (until !== undefined && milliseconds > left)
        throw new StateFailed("States.Timeout", "the task took longer than its TimeoutSeconds");
    };
  }
}
