import { accessSync, constants, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { endWithoutReader } from "../lib/closed-pipe.js";
import { messageOf } from "./kernel/errors.js";
import { PARTITIONS } from "./kernel/partition.js";
import type { DeployedStack } from "./program/program.js";
import { rehearse } from "./rehearse.js";
import type { ServingOptions } from "./serve.js";
import { serveRehearsal } from "./serve.js";
import type { PowerShellChoice, Shell } from "./host/shells.js";
import { POWERSHELLS, SHELLS } from "./host/shells.js";
import { htmlReport } from "./report/html/html.js";
import { print, printError } from "./print.js";
import { terminalReport } from "./report/terminal.js";
import { python } from "./runbook/python/interpreter.js";
import { UserError } from "../lib/user-error.js";

const PROJECT = resolve(__dirname, "..");

interface Options {
  readonly scenario?: string[];
  readonly stackConfig?: string;
  readonly partition?: string;
  readonly shell: Shell;
  readonly powershell: PowerShellChoice;
  readonly json?: string;
  readonly html?: string;
  readonly serve?: boolean;
  readonly port: number;
  readonly speed: number;
  readonly outputs?: string;
  readonly verbose?: boolean;
}

/** Nobody's by IANA's list of service names and port numbers, and no other emulator's. */
const DEFAULT_PORT = 4580;

const command = new Command("rehearse")
  .description(
    "Deploys the program's stacks into a local cloud, plays scenarios, and checks every API call against the " +
      "policies that the program declares. Needs no AWS account and no network.",
  )
  .option(
    "--scenario <file...>",
    "scenarios to play instead of the stack files as they are (docs/scenarios.md)",
  )
  .option("--stack-config <dir>", "folder with other stack files (Pulumi.<stack>.yaml)")
  .addOption(
    new Option(
      "--partition <id>",
      "deploy into this partition instead of the stack files', in as many of its Regions",
    ).choices(PARTITIONS.map(({ id }) => id)),
  )
  .addOption(
    new Option(
      "--shell <name>",
      "what runs on Linux hosts: the built-in shell, or the machine's real bash and tools in a separate root (docs/shells.md)",
    )
      .choices(SHELLS)
      .default("built-in"),
  )
  .addOption(
    new Option(
      "--powershell <name>",
      "what becomes of PowerShell scripts on Windows hosts: they are parsed, or the machine's real pwsh runs them (docs/shells.md)",
    )
      .choices(POWERSHELLS)
      .default("parse"),
  )
  .option("--json <file>", "write the report as data, too (docs/report.schema.json)")
  .option("--html <file>", "write the report as one HTML file, too (docs/report.md)")
  .addOption(
    new Option(
      "--serve",
      "serve the local cloud to AWS's SDKs and the AWS CLI after the deployment and the scenario, if one is named, until Ctrl-C (docs/serve.md)",
    ).conflicts(["json", "html"]),
  )
  .addOption(
    new Option("--port <number>", "where to serve, on this machine only; 0: any that is free")
      .argParser(numberIn("--port", 0, 65_535))
      .default(DEFAULT_PORT),
  )
  .addOption(
    new Option("--speed <factor>", "how fast the served cloud's time goes on, against real time")
      .argParser(numberIn("--speed", 0.1, 86_400))
      .default(10),
  )
  .option(
    "--outputs <dir>",
    "with --serve: write each stack's outputs into this folder, as <stack>.json for fleet's --outputs",
  )
  .option("--verbose", "print each call to the served cloud, in one line")
  .addHelpText(
    "after",
    "\nExit code: 0 passed; 1 wrong input, in a stack file, a scenario or here; 2 a scenario failed or met what is not rehearsed.",
  )
  .configureOutput({ writeOut: print, writeErr: printError })
  .exitOverride();

async function main(): Promise<number> {
  try {
    const options = command.parse().opts<Options>();
    const { scenario, stackConfig, partition, shell, powershell, json, html } = options;
    const common = {
      project: PROJECT,
      ...(process.stderr.isTTY && { progress: (text: string) => printError(`${text} …\n`) }),
      warn: (text: string) => printError(`warning: ${text}\n`),
      ...(stackConfig !== undefined && { stackConfig: fromWorkingFolder(stackConfig) }),
      ...(partition !== undefined && { partition }),
      ...{ shell, powershell },
    };
    if (options.serve === true) return await served(common, options);
    // Before the rehearsal, which may take minutes.
    refuseWithoutServe();
    if (json !== undefined) writing("--json", json, canBeWritten);
    if (html !== undefined) writing("--html", html, canBeWritten);
    if (
      json !== undefined &&
      html !== undefined &&
      fromWorkingFolder(json) === fromWorkingFolder(html)
    )
      throw new UserError(`--json and --html: expected a file for each, got ${json} for both`);
    const report = await rehearse({
      ...common,
      ...(scenario !== undefined && { scenarios: scenario.map(fromWorkingFolder) }),
    });
    print(terminalReport(report, Boolean(process.stdout.isTTY)));
    const write = (text: string) => (file: string) => writeFileSync(file, text);
    if (json !== undefined)
      writing("--json", json, write(`${JSON.stringify(report, undefined, 2)}\n`));
    if (html !== undefined) writing("--html", html, write(htmlReport(report)));
    return report.outcome === "passed" ? 0 : 2;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (!(error instanceof UserError)) throw error;
    printError(`${error.message}\n`);
    return 1;
  }
}

/** Serves until Ctrl-C. @throws UserError */
async function served(
  common: Omit<ServingOptions, "port" | "clockSpeed" | "verbose" | "print" | "onDeployed">,
  { scenario = [], port, speed, outputs, verbose = false }: Options,
): Promise<number> {
  const [file, ...others] = scenario;
  if (others.length > 0) throw new UserError("--serve: expected one --scenario at most");
  // Before it is served, a signal ends the program as any other.
  const ended = () =>
    new Promise((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
    });
  // Before the deployment, which takes its time.
  if (outputs !== undefined)
    writing("--outputs", outputs, (folder) => mkdirSync(folder, { recursive: true }));
  const stackOutputs = ({ name, outputs: all }: DeployedStack) => {
    if (outputs === undefined) return;
    const text = `${JSON.stringify(all, undefined, 2)}\n`;
    writing("--outputs", join(outputs, `${name}.json`), (to) => writeFileSync(to, text));
  };
  await serveRehearsal(
    {
      ...common,
      onDeployed: stackOutputs,
      ...(file !== undefined && { scenario: fromWorkingFolder(file) }),
      ...{ port, verbose, clockSpeed: { speed }, print },
    },
    ended,
  );
  return 0;
}

function numberIn(option: string, least: number, most: number) {
  return (text: string): number => {
    const number = Number(text);
    if (text.trim() !== "" && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`${option}: expected ${least} to ${most}.`);
  };
}

/** @throws UserError where the file cannot be written */
function writing(option: string, name: string, act: (file: string) => void): void {
  const file = fromWorkingFolder(name);
  try {
    act(file);
  } catch (error) {
    throw new UserError(`${option} ${file}: it cannot be written: ${messageOf(error)}`);
  }
}

function canBeWritten(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw new Error("it is a folder; name a file in it");
  accessSync(stats === undefined ? dirname(file) : file, constants.W_OK);
}

/** Options of a served cloud, which change nothing in a rehearsal. @throws UserError */
function refuseWithoutServe(): void {
  const given = ["port", "speed", "outputs", "verbose"].filter(
    (name) => command.getOptionValueSource(name) === "cli",
  );
  if (given.length === 0) return;
  const names = given.map((name) => `--${name}`).join(", ");
  throw new UserError(`${names}: expected only with --serve; add it, or take ${names} away`);
}

/** npm runs scripts in the project's folder; what a person names is seen from where that person stands. */
function fromWorkingFolder(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

endWithoutReader();
void main().then(async (code) => {
  process.exitCode = code;
  // No process of the rehearsal is left when it has ended.
  await python.close();
});
