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
  /** The working folder: paths that a person names are relative to it. */
  readonly folder: string;
  /** Whether a person watches: only then the output has colours. */
  readonly isTerminal: boolean;
  /** Settings of the AWS SDK's clients for a Region. @default the credentials that the SDK finds */
  readonly sdk?: (region: string) => SdkSettings;
  /** Asks the user; absent without a terminal. */
  readonly ask?: (question: string) => Promise<string>;
  /** Shows a text in place of the one before it, or lines that stay; absent where no person watches. */
  readonly live?: Live;
  /** Waits. @default in real time */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /**
   * Registers an action for an interrupt of the person, instead of ending the program; returns the function that undoes
   * it.
   */
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
  /** Wrong input, or a missing permission: nothing was changed. */
  refused: 1,
  /** Some of the work failed, or a person must look at something. */
  someFailed: 2,
  /** A run was stopped because too many of its hosts failed. */
  stopped: 3,
} as const;
