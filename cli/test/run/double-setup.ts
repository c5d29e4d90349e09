export interface DoubleHost {
  readonly id: string;
  readonly platform?: "Linux" | "Windows";
  readonly status?: "Online" | "ConnectionLost";
  readonly tags?: Readonly<Record<string, string>>;
}

/** How a host answers, where it does not answer well. */
export interface DoubleAnswer {
  readonly status?: string;
  readonly statusDetails?: string;
  readonly responseCode?: number;
  readonly outputWritten?: boolean;
}

/** What tests say there is. */
export interface DoubleSetup {
  readonly regions?: readonly string[];
  /** Accounts with their hosts by Region. */
  readonly accounts: Readonly<Record<string, Readonly<Record<string, readonly DoubleHost[]>>>>;
  /** By OU: what is in it. */
  readonly units?: Readonly<Record<string, readonly string[]>>;
  readonly closed?: readonly string[];
  /** @default all accounts that are open */
  readonly served?: readonly string[];
  /** Accounts whose role nobody can assume. */
  readonly locked?: readonly string[];
  /** By document: with whom it is shared. @default the runbook, with everybody */
  readonly shares?: Readonly<Record<string, readonly string[]>>;
  readonly outputs?: object;
  /** Milliseconds that each request takes. */
  readonly latency?: number;
  /** By host: how it answers; a function is asked for each run. */
  readonly answers?: Readonly<Record<string, DoubleAnswer | ((run: string) => DoubleAnswer)>>;
  /** Accounts in which the automation cannot be started. */
  readonly refusing?: readonly string[];
  /** Rows that Athena gives, or why it gives none. */
  readonly rows?: (
    sql: string,
    values: readonly string[],
  ) => readonly (readonly string[])[] | string;
}

export type Input = Readonly<Record<string, unknown>>;
export type Refusal = { readonly code: string; readonly message: string };
export type Answer = object | Refusal;
