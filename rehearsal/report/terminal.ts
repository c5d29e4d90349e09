import Table from "cli-table3";
import pc from "picocolors";
import type { Report, ScenarioReport } from "./schema.js";

/** The width that every line keeps to. */
const WIDTH = 100;
/** Longer timelines show only what went wrong; `--json` has all of it. */
const MAX_TIMELINE_ROWS = 150;
const MAX_ROWS = 40;
/** Lines of one timeline entry; failures are printed in full below the hosts. */
const MAX_LINES = 4;

type Colors = ReturnType<typeof pc.createColors>;

/** The report for people at a terminal. */
export function terminalReport(report: Report, colors: boolean): string {
  const c = pc.createColors(colors);
  const stacks = report.stacks.map(
    ({ name, account, resources }) =>
      `  ${name.padEnd(12)} ${account}  ${resources.length} resources`,
  );
  const parts = [
    c.bold("Stacks in the local cloud"),
    ...stacks,
    ...report.scenarios.flatMap((scenario) => ["", ...scenarioLines(scenario, c)]),
    "",
    summary(report, c),
  ];
  return `${parts.join("\n")}\n`;
}

function scenarioLines(scenario: ScenarioReport, c: Colors): string[] {
  const { calls } = scenario;
  const lines = [c.bold(scenario.name), c.dim(`  ${scenario.file}`), ...timeline(scenario, c)];
  if (scenario.hosts.length > 0) lines.push("", hostTable(scenario), ...totals(scenario));
  lines.push(
    `  ${calls.allowed} calls allowed, ${calls.denied.length} denied, ${calls.throttled} throttled, ` +
      `${calls.refused} refused; ${clockTime(scenario.virtualSeconds)} of virtual time`,
  );
  lines.push(...failures(scenario, c), ...denials(scenario, c));
  for (const [head, subjects] of [
    ["not rehearsed: ", scenario.notRehearsed],
    ["parsed, not executed: ", scenario.parsedNotExecuted],
    ["", scenario.executedElsewhere],
  ] as const)
    for (const { subject, times } of subjects)
      lines.push(c.yellow(`  ${head}${subject}${times > 1 ? ` (${times} times)` : ""}`));
  for (const { expectation, holds, found } of scenario.expectations) {
    lines.push(...wrap(`  ${holds ? c.green("✓") : c.red("✗")} `, 4, expectation));
    if (!holds && found !== undefined) lines.push(...wrap("    found: ", 11, found));
  }
  return lines;
}

function timeline({ timeline: entries, hosts }: ScenarioReport, c: Colors): string[] {
  const names = new Map(hosts.map(({ instanceId, name }) => [instanceId, name]));
  const shown =
    entries.length <= MAX_TIMELINE_ROWS
      ? entries
      : entries.filter(({ kind }) => kind === "failure").slice(0, MAX_ROWS);
  const lines = shown.flatMap(({ seconds, instanceId, source, text, kind }) => {
    const host = (instanceId === undefined ? "" : (names.get(instanceId) ?? instanceId)).slice(
      0,
      12,
    );
    const head = `  ${clockTime(seconds)}  ${host.padEnd(12)}  ${source.padEnd(11)}  `;
    return cut(wrap(head, head.length, text)).map((line) => paint(line, kind, c));
  });
  if (shown.length < entries.length) {
    lines.push(
      c.dim(
        `  … ${entries.length} entries; shown are failures, at most ${MAX_ROWS}; --json has all`,
      ),
    );
  }
  return lines;
}

function paint(line: string, kind: string, c: Colors): string {
  if (kind === "failure") return c.red(line);
  if (kind === "warning") return c.yellow(line);
  return kind === "success" ? c.green(line) : line;
}

function hostTable({ hosts }: ScenarioReport): string {
  const table = new Table({
    head: ["Host", "Platform", "Packages", "Ready", "Runs", "Price"],
    colWidths: [21, 15, 31, 9, 6, 9],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const host of hosts.slice(0, MAX_ROWS)) {
    const packages = Object.entries(host.packages).map(([name, version]) => `${name} ${version}`);
    table.push([
      `${host.name}\n${host.instanceId}`,
      host.platform,
      packages.join("\n") || "-",
      host.ready === undefined ? host.status : `${host.status}\n${clockTime(host.ready)}`,
      String(host.runs.length),
      `$${host.price.toFixed(4)}`,
    ]);
  }
  const indented = table.toString().replaceAll(/^/gm, "  ");
  return hosts.length > MAX_ROWS
    ? `${indented}\n  … and ${hosts.length - MAX_ROWS} more; --json has all`
    : indented;
}

/** How soon the hosts were ready, and what their runs cost. */
function totals({ totals: all }: ScenarioReport): string[] {
  const { hosts, ready, medianReady, longestReady, runs, billedSteps, scriptSeconds, price } = all;
  const { pricePerReady, otherRuns, otherPrice } = all;
  const times =
    medianReady === undefined || longestReady === undefined
      ? ""
      : `, ${clockTime(medianReady)} after running (median), ${clockTime(longestReady)} (longest)`;
  return [
    `  ${ready} of ${hosts} hosts ready${times}`,
    `  $${price.toFixed(4)} for ${billedSteps} steps and ${scriptSeconds} script seconds of ` +
      `${runs} ${runs === 1 ? "run" : "runs"}; only Automation is priced`,
    ...(pricePerReady === undefined
      ? []
      : [`  $${pricePerReady.toFixed(4)} for a host that is ready, all of its runs`]),
    ...(otherRuns === 0
      ? []
      : [
          `  $${otherPrice.toFixed(4)} more for runs of no host, such as reconcile's: ${otherRuns}`,
        ]),
  ];
}

/** Why runs failed, each cause once, with the hosts that have it. */
function failures({ hosts }: ScenarioReport, c: Colors): string[] {
  const causes = new Map<string, string[]>();
  for (const { name, runs } of hosts) {
    // The last lines of a script's error, without its code.
    const failure = runs.at(-1)?.failure?.split("\n\n").at(-1);
    if (failure !== undefined) causes.set(failure, [...(causes.get(failure) ?? []), name]);
  }
  return [...causes].slice(0, MAX_ROWS).flatMap(([cause, names]) => {
    const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
    return wrap(c.red("  failed: "), 10, `${names.slice(0, 3).join(", ")}${more}: ${cause}`);
  });
}

function denials({ calls }: ScenarioReport, c: Colors): string[] {
  const seen = new Set<string>();
  return calls.denied.flatMap(({ message, action, resource, deniedBy, missing, nearly }) => {
    // Each session has a different name; the missing statement is the same for all sessions of a role.
    const cause = JSON.stringify([action, resource, deniedBy, missing.map(({ place }) => place)]);
    if (seen.has(cause)) return [];
    seen.add(cause);
    return [
      ...wrap(c.red("  denied: "), 10, message),
      ...(deniedBy === undefined ? [] : wrap("    denied by: ", 15, deniedBy)),
      ...missing.flatMap(({ place, statement }) => [
        ...wrap("    missing in ", 15, `${place}:`),
        ...wrap("      ", 6, JSON.stringify(statement)),
      ]),
      ...nearly.flatMap((text) => wrap("    nearly: ", 12, text)),
    ];
  });
}

function summary({ outcome, scenarios }: Report, c: Colors): string {
  const lines = scenarios.map(({ name, outcome: result }) => {
    const mark =
      result === "passed"
        ? c.green("passed")
        : result === "failed"
          ? c.red("failed")
          : c.yellow("not rehearsed");
    return `  ${name}: ${mark}`;
  });
  const text = outcome === "passed" ? c.green("Rehearsal passed") : c.red("Rehearsal failed");
  return [...(scenarios.length > 1 ? lines : []), c.bold(text)].join("\n");
}

/** Breaks a text into lines after a head; an unbroken word that is too long is cut. */
function wrap(head: string, indent: number, text: string): string[] {
  const room = WIDTH - indent;
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > room) {
        lines.push(line);
        line = "";
      }
      line = line === "" ? word : `${line} ${word}`;
      while (line.length > room) {
        lines.push(line.slice(0, room));
        line = line.slice(room);
      }
    }
    lines.push(line);
  }
  return lines.map((line, index) => (index === 0 ? head + line : " ".repeat(indent) + line));
}

function cut(lines: readonly string[]): string[] {
  if (lines.length <= MAX_LINES) return [...lines];
  return [
    ...lines.slice(0, MAX_LINES - 1),
    `${(lines[MAX_LINES - 1] ?? "").slice(0, WIDTH - 2)} …`,
  ];
}

/** `+01:02:03`, without the hours where there are none. */
function clockTime(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const hours = seconds >= 3600 ? `${two(seconds / 3600)}:` : "";
  return `+${hours}${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}
