import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "../../../lib/user-error.js";
import { systemMounts } from "../bubblewrap/root.js";
import { bubblewrapProblem } from "../bubblewrap/shell.js";
import { environmentOf, REAL_TIME, runWalled, walls } from "../bubblewrap/walls.js";
import type { Ran, RunOptions } from "../machine.js";
import { LOGIN } from "../machine.js";
import type { PowerShell, WindowsMachine } from "../windows-machine.js";
import { layOut, placeOf, takeOver } from "./laid-out-disk.js";

/** Where a host's drives are, each a folder. */
const DISK = "/disk";
/** Where scripts that run as SYSTEM have their temporary files. */
const TEMPORARY = "C:\\Windows\\Temp";

/** What a script finds: no variable of the machine at hand, and none of Windows's but these. */
const ENVIRONMENT = {
  PATH: LOGIN.PATH,
  LANG: LOGIN.LANG,
  HOME: "/tmp",
  ...Object.fromEntries(["TEMP", "TMP", "TMPDIR"].map((name) => [name, inside(TEMPORARY)])),
  POWERSHELL_TELEMETRY_OPTOUT: "1",
  POWERSHELL_UPDATECHECK: "Off",
};

/** Exit codes are numbers of 8 bits on Linux. The one by which a script asks for a reboot must not get lost. */
const REBOOT = 3010;

/**
 * The `pwsh` of the machine at hand, behind the walls of bubblewrap. It is PowerShell 7 on Linux and not Windows
 * PowerShell 5.1 on Windows: what is Windows's (the registry, CIM, drives) a script does not find.
 */
export class Pwsh implements PowerShell {
  readonly name: string;
  private readonly program: string;

  /** @throws UserError where the machine at hand cannot run it, with what helps */
  constructor() {
    const otherwise = "or use --powershell parse";
    const problem = bubblewrapProblem(otherwise);
    if (problem !== undefined) throw new UserError(`--powershell pwsh: ${problem}`);
    const found = (process.env["PATH"] ?? "")
      .split(delimiter)
      .map((folder) => join(folder, "pwsh"))
      .find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true);
    if (found === undefined) {
      throw new UserError(
        `--powershell pwsh: expected the command pwsh on the PATH, found none; install PowerShell 7, ${otherwise}`,
      );
    }
    this.program = fs.realpathSync(found);
    this.name = `pwsh ${this.version(otherwise)}`;
  }

  async run(file: string, machine: WindowsMachine, options: RunOptions): Promise<Ran> {
    const { cwd = dirnameOf(file), environment, timeoutSeconds = Infinity } = options;
    const folder = fs.mkdtempSync(join(tmpdir(), "fleet-windows-"));
    const remove = () => {
      fs.rmSync(folder, { recursive: true, force: true });
    };
    process.on("exit", remove);
    try {
      await machine.disk.mkdir(TEMPORARY);
      layOut(machine.disk, folder);
      const ended = await runWalled(
        [
          ...this.around(),
          ...["--bind", folder, DISK, "--remount-ro", "/", "--hostname", machine.computerName],
          ...["--chdir", inside(cwd), ...environmentOf({ ...ENVIRONMENT, ...environment })],
          ...["--", this.program, "-NoProfile", "-NonInteractive", "-File", inside(file)],
        ],
        { realTime: Math.min(timeoutSeconds * 1000, REAL_TIME) },
      );
      takeOver(machine.disk, folder);
      const { stdout, stderr, outOfTime } = ended;
      const exitCode = ended.exitCode === REBOOT % 256 ? REBOOT : ended.exitCode;
      return { stdout, stderr, exitCode, timedOut: outOfTime };
    } finally {
      process.off("exit", remove);
      remove();
    }
  }

  /** Walls and the system, read-only, with the folder of the program, which may be anywhere. */
  private around(): string[] {
    const folder = dirname(this.program);
    return [
      ...[...walls(), ...systemMounts(), "--remount-ro", "/proc"],
      ...["--tmpfs", "/tmp", "--ro-bind", folder, folder],
    ];
  }

  /** Asked where scripts run, so that what it needs and does not find there shows now. @throws UserError */
  private version(otherwise: string): string {
    const args = [...this.around(), ...environmentOf(ENVIRONMENT), "--", this.program, "-Version"];
    const { stdout, stderr } = spawnSync("bwrap", args, { encoding: "utf8", timeout: 60_000 });
    const version = /PowerShell (\S+)/.exec(stdout)?.[1];
    if (version !== undefined) return version;
    throw new UserError(
      `--powershell pwsh: ${this.program} -Version: expected "PowerShell <version>" behind bubblewrap, ` +
        `found "${(stdout || stderr).trim()}"; install PowerShell 7 as a separate package or archive, ${otherwise}`,
    );
  }
}

/** Where a path of the host is for its scripts. */
function inside(path: string): string {
  return `${DISK}/${placeOf(path) ?? ""}`;
}

const dirnameOf = (file: string): string => file.replace(/[/\\][^/\\]*$/, "");
