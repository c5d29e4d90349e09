/** The log account as members know it from the outputs of its stack. */
export interface LogAccount {
  readonly accountId: string;
  /** What the names of its documents, packages and roles begin with. */
  readonly prefix: string;
}
