import { isDeepStrictEqual } from "node:util";
import {
  type DeployedStack,
  ProgramDeployment,
  type ProgramRun,
  type Request,
  runProgram,
} from "./program.js";
import { ProgramProcesses } from "./processes.js";

/** What a program asked for, and what it was told. */
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
  private readonly processes = new ProgramProcesses();

  /** Gets ready for as many programs. */
  prepare(count: number): void {
    this.processes.prepare(count);
  }

  /** Ends what was got ready and not used. */
  close(): void {
    this.processes.close();
  }

  /** @throws UserError for what the program refuses, or AWS would. */
  async run(run: ProgramRun): Promise<DeployedStack> {
    const key = JSON.stringify([
      run.stack,
      run.credentials,
      run.cloud.partition.id,
      run.cloud.organization,
      run.before.map(({ outputs }) => outputs),
      run.surroundings,
    ]);
    const known = this.recordings.get(key);
    if (known !== undefined) {
      await replay(run, known);
      return known.stack;
    }
    const recording = await runProgram(run, this.processes.take());
    this.recordings.set(key, recording);
    return recording.stack;
  }
}

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
