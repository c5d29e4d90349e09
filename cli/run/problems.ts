import { UserError } from "../../lib/user-error.js";

/** The problems of a run, reported all at once. */
export class Problems {
  private readonly texts: string[] = [];

  get any(): boolean {
    return this.texts.length > 0;
  }

  /** `--target: expected …, got …; remedy` */
  add(option: string, reason: string): void {
    const text = `${option}: ${reason}`;
    if (!this.texts.includes(text)) this.texts.push(text);
  }

  /** The end of a command that has problems. */
  ended(): UserError {
    return new UserError(this.texts.join("\n"));
  }

  /** @throws UserError with all of them, if there are any */
  end(): void {
    if (this.any) throw this.ended();
  }
}
