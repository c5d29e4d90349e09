import type { Ran, RunOptions } from "./machine.js";
import { WindowsDisk } from "./windows-disk.js";

/** Where the agent unpacks packages. Source: agent's appconfig/constants_windows.go, PackageRoot. */
export const WINDOWS_PACKAGES = "C:\\ProgramData\\Amazon\\SSM\\Packages";

/** An interpreter of PowerShell that is not Windows's. */
export interface PowerShell {
  /** As reports name it: `pwsh 7.4.6`. */
  readonly name: string;
  /** Runs a script that is on the machine's disk. */
  run(file: string, machine: WindowsMachine, options: RunOptions): Promise<Ran>;
}

/**
 * A Windows machine. Without an interpreter of PowerShell scripts are parsed and not executed, so the machine only has
 * what others than scripts do to it. What scripts would do is not known then, and the report says so.
 */
export class WindowsMachine {
  readonly disk: WindowsDisk;
  /** The Active Directory domain that the machine is a member of; undefined: the workgroup WORKGROUP. */
  domain: string | undefined;
  /** How often it was started again. */
  reboots = 0;

  /** `unique`: random letters and digits for the computer's name. */
  constructor(
    unique: (length: number) => string,
    files: Readonly<Record<string, string>> = {},
    readonly powerShell?: PowerShell,
  ) {
    this.disk = new WindowsDisk(files);
    this.computerName = `EC2AMAZ-${unique(7).toUpperCase()}`;
  }

  /** EC2Launch names a computer so at its first start. Source: EC2 user guide, "Configure EC2Launch v2 settings". */
  readonly computerName: string;

  /** As the agent reports it. Source: agent's platform_windows.go, fullyQualifiedDomainName. */
  get name(): string {
    return `${this.computerName}.${this.domain ?? "WORKGROUP"}`;
  }

  reboot(): Promise<void> {
    this.reboots += 1;
    return Promise.resolve();
  }
}
