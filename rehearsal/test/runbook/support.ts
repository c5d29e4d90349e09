import { readAutomation, runbookOf } from "../../../runbooks/loader/runbook.js";
import type { Json } from "../../../runbooks/loader/step.js";
import { Clock } from "../../kernel/clock.js";
import { AwsError, NotRehearsed, Throttled } from "../../kernel/errors.js";
import { Identifiers } from "../../kernel/identifiers.js";
import { PRICE } from "../../kernel/prices.js";
import { REHEARSAL_STARTS } from "../../kernel/timeline.js";
import { operationNamed } from "../../runbook/api-names.js";
import type { AutomationExecution } from "../../runbook/execution.js";
import { asTexts } from "../../runbook/execution.js";
import { Executor } from "../../runbook/executor.js";
import type { Port } from "../../runbook/port.js";
import { python } from "../../runbook/python/interpreter.js";

/** An API operation of a test: gets the input, gives the output or throws. */
export type Api = (
  input: Record<string, unknown>,
  so: { readonly clock: Clock; readonly execution: AutomationExecution },
) => unknown;

export interface Played {
  readonly execution: AutomationExecution;
  readonly clock: Clock;
  /** `ssm:SendCommand` */
  readonly calls: readonly string[];
  readonly inputs: readonly Record<string, unknown>[];
  /** Virtual seconds that the execution took. */
  readonly seconds: number;
  readonly notRehearsed: readonly string[];
}

export interface PlayOptions {
  readonly parameters?: Readonly<Record<string, Json>>;
  /** By `service:Operation`. */
  readonly apis?: Readonly<Record<string, Api>>;
  /** When somebody stops the execution, in seconds after its start. */
  readonly stopAfter?: number;
}

/** Runs a runbook alone: no accounts, no permissions, the given API operations and nothing else. */
export async function play(source: string, options: PlayOptions = {}): Promise<Played> {
  const { document, problems } = readAutomation(source);
  if (document === undefined) throw new Error(JSON.stringify(problems));
  const clock = new Clock(REHEARSAL_STARTS);
  const execution = newExecution(options.parameters ?? {});
  const noted = { calls: [] as string[], inputs: [] as Record<string, unknown>[] };
  const notRehearsed: string[] = [];
  const port: Port = {
    clock,
    ids: new Identifiers(),
    python,
    account: "111122223333",
    region: "eu-central-1",
    partition: "aws",
    call: <Output>({ service, operation, input }: Parameters<Port["call"]>[0]) => {
      const known = Object.keys(options.apis ?? {}).map((name) => name.split(":")[1] ?? "");
      const name = `${service}:${operationNamed(operation, known)}`;
      const api = options.apis?.[name];
      noted.calls.push(name);
      noted.inputs.push(input as Record<string, unknown>);
      if (api === undefined) return Promise.reject(new NotRehearsed(name));
      return Promise.resolve().then(
        () => api(input as Record<string, unknown>, { clock, execution }) as Output,
      );
    },
    bill: (item, count) => {
      execution.billed[item] += count;
      execution.price += count * PRICE[item];
    },
    stepChanged: () => undefined,
    isStopping: () =>
      options.stopAfter !== undefined && clock.now >= REHEARSAL_STARTS + options.stopAfter * 1000,
    startAutomation: () => Promise.reject(new NotRehearsed("ssm:StartAutomationExecution")),
    isCompleting: () => false,
    reportNotRehearsed: (subject) => notRehearsed.push(subject),
  };
  const executor = new Executor(runbookOf(source, document), execution, port);
  clock.spawn(() => executor.run());
  await clock.run();
  const seconds = (clock.now - REHEARSAL_STARTS) / 1000;
  return { execution, clock, ...noted, seconds, notRehearsed };
}

function newExecution(values: Readonly<Record<string, Json>>): AutomationExecution {
  return {
    id: "00000000-0000-4000-8000-000000000001",
    arn: "arn:aws:ssm:eu-central-1:111122223333:automation-execution/1",
    account: "111122223333",
    region: "eu-central-1",
    documentName: "test",
    documentVersion: "1",
    parameters: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, asTexts(value)]),
    ),
    values,
    executedBy: "arn:aws:sts::111122223333:assumed-role/tester/tester",
    tags: {},
    depth: 0,
    payer: "111122223333",
    status: "InProgress",
    startTime: REHEARSAL_STARTS,
    steps: [],
    outputs: {},
    billed: { automationStep: 0, scriptSecond: 0 },
    price: 0,
  };
}

/** `name: status` of every step that started. */
export function trail({ execution }: Played): string[] {
  return execution.steps.map(({ name, status }) => `${name}: ${status}`);
}

/** A whole runbook of the given steps (YAML, indented as under mainSteps). */
export function runbookWith(steps: string, head = ""): string {
  return `schemaVersion: "0.3"\n${head}mainSteps:\n${steps}`;
}

export const refused = (code: string, message = "no") => {
  throw new AwsError(code, message);
};

export const throttled = () => {
  throw new Throttled("ssm");
};
