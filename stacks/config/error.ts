import { UserError } from "../../lib/user-error.js";

/** One thing wrong with what a person wrote: where, and what to do about it. */
export interface ConfigProblem {
  /** `fleet:packages[0].version` */
  readonly key: string;
  /** `expected …, got …; …` */
  readonly reason: string;
}

/**
 * Input that no stack can be built from: all problems at once, before anything is registered.
 */
export class ConfigError extends UserError {
  constructor(
    /** What the problems are in: `the configuration`. */
    subject: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems.map(({ key, reason }) => `  ${key}: ${reason}`);
    super([`${count} in ${subject}`, ...lines].join("\n"));
  }
}
