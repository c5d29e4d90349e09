import type { SSMClientConfig } from "@aws-sdk/client-ssm";

/** How clients of the AWS SDK reach AWS. */
export interface SdkSettings {
  readonly credentials?: NonNullable<SSMClientConfig["credentials"]>;
  readonly requestHandler?: NonNullable<SSMClientConfig["requestHandler"]>;
}

/** What commands need from the user's environment. */
export interface Session {
  /** The folder of the Pulumi project. */
  readonly project: string;
  /** The working folder: paths that a person names are seen from here. */
  readonly folder: string;
  /** Whether a person reads along: only then there are colours. */
  readonly isTerminal: boolean;
  /** Settings of the AWS SDK's clients for a Region. @default the credentials that the SDK finds */
  readonly sdk?: (region: string) => SdkSettings;
  /** Asks the user; absent without a terminal. */
  readonly ask?: (question: string) => Promise<string>;
  /** Shows a text in place of the one before it, or lines for good; absent where nobody reads along. */
  readonly live?: Live;
  /** Waits. @default as long as the clock on the wall says */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Has something done when the person interrupts, instead of ending the program; gives what undoes that. */
  readonly onInterrupt?: (listener: () => void) => () => void;
  print(text: string): void;
  printError(text: string): void;
}

/** A part of a terminal that changes. */
export interface Live {
  /** In place of what was shown last. */
  update(text: string): void;
  /** Leaves what is shown. */
  done(): void;
}

/** How a command ends. */
export const EXIT = {
  ok: 0,
  /** Wrong input, or something that the caller may not do: nothing was changed. */
  refused: 1,
  /** Some of what was to be done failed, or there is something that a person must look at. */
  someFailed: 2,
  /** A run was stopped because too many of its hosts failed. */
  stopped: 3,
} as const;
