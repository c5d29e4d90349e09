import type { Access } from "../../../kernel/access.js";
import { isoTime } from "../../../kernel/clock.js";
import { AwsError, messageOf, NotRehearsed } from "../../../kernel/errors.js";
import type { Caller } from "../../../kernel/operation.js";
import { operation } from "../../../kernel/operation.js";
import type { ResourceType, Service } from "../../../kernel/resource.js";
import type { Execution, ExecutionStatus, StateMachine, StepFunctionsCloud } from "./execution.js";
import { Executor } from "./executor.js";
import { ExecutionEnded, StateFailed } from "./failure.js";
import { logExecution } from "./logging.js";
import { stateMachineResources } from "./resources.js";

interface StartInput {
  readonly stateMachineArn: string;
  readonly input?: string;
  readonly name?: string;
}

/**
 * Step Functions: standard state machines in JSONata with tasks, maps, choices, waits, retries and catches. Executions work
 * as the state machine's role. What is not known is refused when it is deployed: `step-functions/definition.ts`.
 */
export class StepFunctionsService implements Service {
  readonly machines = new Map<string, StateMachine>();
  readonly executions = new Map<string, Execution>();
  readonly resourceTypes: readonly ResourceType[];

  constructor(private readonly cloud: StepFunctionsCloud) {
    this.resourceTypes = stateMachineResources(this, cloud);
  }

  /** @throws AwsError StateMachineDoesNotExist */
  machine(arn: string): StateMachine {
    const found = this.machines.get(arn);
    if (found !== undefined) return found;
    throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  }

  private execution(arn: string): Execution {
    const found = this.executions.get(arn);
    if (found !== undefined) return found;
    throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  }

  readonly operations = {
    StartExecution: operation<StartInput, object>({
      access: ({ stateMachineArn: arn }, caller) =>
        access("StartExecution", this.machine(arn).arn, caller),
      run: (input) => this.start(this.machine(input.stateMachineArn), input),
    }),
    StopExecution: operation<{ executionArn: string; error?: string; cause?: string }, object>({
      access: ({ executionArn: arn }, caller) =>
        access("StopExecution", this.execution(arn).arn, caller),
      run: ({ executionArn, error, cause }) => {
        const execution = this.execution(executionArn);
        if (execution.status === "RUNNING") this.end(execution, "ABORTED", { error, cause });
        return { stopDate: this.cloud.clock.iso };
      },
    }),
    DescribeExecution: operation<{ executionArn: string }, object>({
      access: ({ executionArn: arn }, caller) =>
        access("DescribeExecution", this.execution(arn).arn, caller),
      run: ({ executionArn }) => described(this.execution(executionArn)),
    }),
    ListExecutions: operation<{ stateMachineArn: string; statusFilter?: string }, object>({
      access: ({ stateMachineArn: arn }, caller) =>
        access("ListExecutions", this.machine(arn).arn, caller),
      run: ({ stateMachineArn, statusFilter }) => ({
        executions: [...this.executions.values()]
          .filter(({ machine }) => machine.arn === stateMachineArn)
          .filter(({ status }) => statusFilter === undefined || status === statusFilter)
          .reverse()
          .map(summary),
      }),
    }),
    DescribeStateMachine: operation<{ stateMachineArn: string }, object>({
      access: ({ stateMachineArn: arn }, caller) =>
        access("DescribeStateMachine", this.machine(arn).arn, caller),
      run: ({ stateMachineArn }) => {
        const { arn, name, text, roleArn, created } = this.machine(stateMachineArn);
        const description = { stateMachineArn: arn, name, status: "ACTIVE", type: "STANDARD" };
        return { ...description, definition: text, roleArn, creationDate: isoTime(created) };
      },
    }),
  };

  private start(machine: StateMachine, { input = "{}", name }: StartInput): object {
    const { cloud } = this;
    const called = name ?? cloud.ids.uuid(`execution ${machine.arn}`);
    const arn = `${machine.arn.replace(":stateMachine:", ":execution:")}:${called}`;
    if (this.executions.has(arn))
      throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    try {
      JSON.parse(input);
    } catch {
      throw new AwsError("InvalidExecutionInput", "Invalid State Machine Execution Input");
    }
    const started = cloud.clock.now;
    const execution: Execution = {
      machine,
      name: called,
      arn,
      input,
      started,
      status: "RUNNING",
      entered: [],
    };
    this.executions.set(arn, execution);
    this.emit(execution);
    cloud.clock.spawn(() => this.run(execution));
    return { executionArn: arn, startDate: isoTime(started) };
  }

  private async run(execution: Execution): Promise<void> {
    const { machine } = execution;
    const { account: sourceAccount, region } = machine;
    try {
      execution.session = await this.cloud.sts.assume({
        principal: {
          kind: "service",
          service: "states.amazonaws.com",
          sourceAccount,
          sourceArn: machine.arn,
        },
        roleArn: machine.roleArn,
        sessionName: execution.name,
        region,
      });
      const output = await new Executor(execution).run();
      this.end(execution, "SUCCEEDED", { output: JSON.stringify(output) });
    } catch (error) {
      this.endWith(execution, error);
    }
  }

  private endWith(execution: Execution, error: unknown): void {
    if (error instanceof ExecutionEnded) {
      if (execution.status === "RUNNING") this.end(execution, error.status, {});
      return;
    }
    if (error instanceof StateFailed) {
      this.end(execution, "FAILED", { error: error.error, cause: error.cause });
      return;
    }
    if (!(error instanceof AwsError)) throw error;
    const isUnknown = error instanceof NotRehearsed;
    if (isUnknown) this.cloud.reportNotRehearsed(error.subject);
    this.end(execution, "FAILED", { error: error.code, cause: messageOf(error), isUnknown });
  }

  private end(
    execution: Execution,
    status: ExecutionStatus,
    how: {
      output?: string;
      error?: string | undefined;
      cause?: string | undefined;
      /** What is not modelled has ended it. */
      isUnknown?: boolean;
    },
  ): void {
    const { machine } = execution;
    const { account, region, name } = machine;
    execution.status = status;
    execution.stopped = this.cloud.clock.now;
    const { isUnknown = false, ...result } = how;
    Object.assign(execution, result);
    const why = how.error === undefined ? "" : `: ${how.error}: ${how.cause ?? ""}`;
    const kind = status === "SUCCEEDED" ? "info" : "failure";
    const text = `state machine ${name} ended ${status}${why.slice(0, 300)}`;
    this.cloud.report({ account, region, source: "Step Functions", text, kind });
    this.cloud.reportScheduledRun({
      ...{ account, region, name },
      status: status === "SUCCEEDED" ? "Success" : isUnknown ? "NotRehearsed" : "Failed",
      ...(status !== "SUCCEEDED" && { reason: text }),
    });
    logExecution(execution);
    this.emit(execution);
  }

  /** Source: Step Functions developer guide, "Automating Step Functions event delivery with EventBridge". */
  private emit(execution: Execution): void {
    const { machine, arn, name, status, input, output, error, cause } = execution;
    this.cloud.events.emit({
      account: machine.account,
      region: machine.region,
      source: "aws.states",
      detailType: "Step Functions Execution Status Change",
      resources: [arn],
      detail: {
        executionArn: arn,
        stateMachineArn: machine.arn,
        name,
        status,
        startDate: execution.started,
        stopDate: execution.stopped ?? null,
        input,
        output: output ?? null,
        error: error ?? null,
        cause: cause ?? null,
      },
    });
  }
}

const access = (action: string, resource: string, { account }: Caller): Access[] => [
  { action: `states:${action}`, resource, resourceAccount: account },
];

const summary = ({ arn, machine, name, status, started, stopped }: Execution) => ({
  executionArn: arn,
  stateMachineArn: machine.arn,
  name,
  status,
  startDate: isoTime(started),
  ...(stopped !== undefined && { stopDate: isoTime(stopped) }),
});

const described = (execution: Execution) => ({
  ...summary(execution),
  input: execution.input,
  ...(execution.output !== undefined && { output: execution.output }),
  ...(execution.error !== undefined && { error: execution.error }),
  ...(execution.cause !== undefined && { cause: execution.cause }),
});
