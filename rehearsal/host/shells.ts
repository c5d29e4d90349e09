import { BubblewrapShell } from "./bubblewrap/shell.js";
import { BuiltInMachine } from "./built-in-machine.js";
import type { MakeMachine } from "./machine.js";
import { Pwsh } from "./powershell/pwsh.js";
import type { PowerShell } from "./windows-machine.js";

/** The shells that can run the scripts of Linux hosts. */
export const SHELLS = ["built-in", "bubblewrap"] as const;
export type Shell = (typeof SHELLS)[number];

/** A shell that is ready: makes machines, until it is closed. */
export interface OpenShell {
  readonly makeMachine: MakeMachine;
  close(): void;
}

/** @throws UserError where the machine at hand has not what the shell needs */
export function openShell(shell: Shell): OpenShell {
  if (shell === "bubblewrap") return new BubblewrapShell();
  return {
    makeMachine: (...parameters) => new BuiltInMachine(...parameters),
    close: () => undefined,
  };
}

/** What happens to the scripts of Windows hosts. */
export const POWERSHELLS = ["parse", "pwsh"] as const;
export type PowerShellChoice = (typeof POWERSHELLS)[number];

/** Undefined: scripts are parsed only. @throws UserError where the machine at hand has not what it needs */
export function openPowerShell(choice: PowerShellChoice): PowerShell | undefined {
  return choice === "pwsh" ? new Pwsh() : undefined;
}
