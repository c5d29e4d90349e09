import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../lib/user-error.js";
import type { DeployedStack, ProgramRun, Request } from "./program.js";
import { inStack, ProgramDeployment, runProgram } from "./program.js";
import { ProgramProcesses } from "./processes.js";
import type { Project, StackFile } from "./stack-files.js";
import { StartedProgram } from "./started-program.js";

/** The requests of a program, and their answers. */
export interface Recording {
  readonly exchanges: readonly { readonly request: Request; readonly answer: object }[];
  readonly stack: DeployedStack;
}

/**
 * Runs programs, each only once for the same settings: a program is a function of its config and of what the cloud
 * answers, so its requests are put into the next cloud as they were recorded, as long as that one answers the same.
 */
export class Programs {
  private readonly recordings = new Map<string, Recording>();
  /** What is wrong with settings, or undefined: of those that were checked. */
  private readonly checked = new Map<string, string | undefined>();
  /** Programs whose settings are right and that wait for their first answer. */
  private readonly waiting = new Map<string, StartedProgram>();
  private readonly processes = new ProgramProcesses();

  /** Gets ready for as many programs. */
  prepare(count: number): void {
    this.processes.prepare(count);
  }

  /** Ends every process that a program runs in, was to run in or ran in; resolves when none is left. */
  async close(): Promise<void> {
    this.waiting.clear();
    await this.processes.close();
  }

  /**
   * Lets the programs of all stacks check their settings, which they do before they declare anything.
   * @throws UserError with what every one of them refuses
   */
  async check(project: Project, stacks: readonly StackFile[]): Promise<void> {
    const refusals = await Promise.all(stacks.map((stack) => this.refusal(project, stack)));
    const found = refusals.filter((refusal) => refusal !== undefined);
    if (found.length > 0) throw new UserError(found.join("\n"));
  }

  private async refusal(project: Project, stack: StackFile): Promise<string | undefined> {
    const key = settingsKey(project, stack);
    if (this.checked.has(key)) return this.checked.get(key);
    const program = this.started(project, stack);
    this.waiting.set(key, program);
    const failure = await program.failure();
    const refusal = failure && inStack(stack, failure.message);
    this.checked.set(key, refusal);
    if (refusal !== undefined) {
      this.waiting.delete(key);
      program.end();
    }
    return refusal;
  }

  /** The program where it waits after the check of its settings, or a new one. */
  private take({ project, stack }: ProgramRun): StartedProgram {
    const key = settingsKey(project, stack);
    const found = this.waiting.get(key);
    this.waiting.delete(key);
    return found ?? this.started(project, stack);
  }

  private started(project: Project, stack: StackFile): StartedProgram {
    const { processes } = this;
    return new StartedProgram(project, stack, processes.take(), (process) => {
      processes.giveBack(process);
    });
  }

  /** @throws UserError for what the program refuses, or AWS would. */
  async run(run: ProgramRun): Promise<DeployedStack> {
    const key = JSON.stringify([
      run.stack,
      run.credentials,
      run.cloud.partition.id,
      run.cloud.organization,
      run.before.map(({ outputs }) => outputs),
      run.cacheInputs,
    ]);
    const recorded = this.recordings.get(key);
    if (recorded !== undefined) {
      await replay(run, recorded);
      return recorded.stack;
    }
    const recording = await runProgram(run, this.take(run));
    this.recordings.set(key, recording);
    return recording.stack;
  }
}

const settingsKey = ({ folder }: Project, stack: StackFile): string =>
  JSON.stringify([folder, stack]);

/** Puts a recorded program into a new cloud. Every id is the same in every cloud, so an answer that differs is a bug. */
async function replay(run: ProgramRun, { exchanges }: Recording): Promise<void> {
  const deployment = new ProgramDeployment(run);
  for (const { request, answer } of exchanges) {
    const now = await deployment.answer(request);
    if (!isDeepStrictEqual(now, answer)) {
      throw new Error(
        `the replay of stack ${run.stack.name} differs at ${JSON.stringify(request).slice(0, 200)}`,
      );
    }
  }
}
