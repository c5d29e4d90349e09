import type { Span } from "./axis.js";
import { axis, bar } from "./axis.js";
import type { Child } from "./dom.js";
import { details, h, svg, table } from "./dom.js";
import { denial } from "./findings.js";
import type { HostView } from "./model.js";
import { clockTime, counted, money, signOf, took, toneOf } from "./words.js";

type Run = HostView["host"]["runs"][number];
type Command = HostView["host"]["commands"][number];

/** All that is known of a host: its runs step by step, its commands, what it was denied, its events. */
export function hostDetail(view: HostView): HTMLElement {
  const { host, denied, deadLetters, timeline } = view;
  const others = host.commands.filter(
    (command) => !host.runs.some((run) => isWithin(run, command)),
  );
  const packages = Object.entries(host.packages).map(([name, version]) => `${name} ${version}`);
  return h(
    "div",
    { class: "detail" },
    h(
      "p",
      {},
      `${host.platform}, ${host.state}. Installed: ${packages.join(", ") || "no packages"}.`,
    ),
    host.message === undefined ? undefined : h("p", {}, `Status ${host.status}: ${host.message}`),
    deadLetters.map(({ code, message, queue }) =>
      h(
        "p",
        {},
        h("code", { class: "word bad" }, code),
        ` the start is lost, its event is in ${queue}: ${message}`,
      ),
    ),
    denied.map((call) => h("div", { class: "cause" }, denial(call))),
    host.runs.map((run) => runPart(run, host.commands)),
    others.length === 0 ? undefined : commandsPart(others),
    calls(view),
    details(`${counted(timeline.length, "event")}`, () =>
      table(
        ["Time", "Source", "What"],
        timeline.map(({ seconds, source, text, kind }) => [
          clockTime(seconds),
          source,
          h("span", { class: ["failure", "warning"].includes(kind) ? toneOf(kind) : "" }, text),
        ]),
        "short",
      ),
    ),
  );
}

/** A run and the commands that it sent, all on the run's own axis. */
function runPart(run: Run, commands: readonly Command[]): HTMLElement {
  const to = run.start + Math.max(run.seconds, 1);
  const span = { from: run.start, to };
  const lines = [
    ...run.steps.map((step) => ({ start: step.start, show: () => stepLine(step, span) })),
    ...commands
      .filter((command) => isWithin(run, command))
      .map((command) => ({ start: command.start, show: () => commandLines(command, span) })),
  ].sort((a, b) => a.start - b.start);
  const { billedSteps, scriptSeconds } = run;
  const price = `${money(run.price)} for ${counted(billedSteps, "step")} and ${counted(scriptSeconds, "script second")}`;
  return h(
    "div",
    { class: "run" },
    h(
      "h4",
      {},
      h("span", { class: `word ${toneOf(run.status)}` }, `${signOf(run.status)} ${run.status}`),
      ` ${run.document} in ${took(run.seconds)} `,
      h("span", { class: "quiet" }, `${run.executionId}; ${price}`),
    ),
    run.failure === undefined ? undefined : h("pre", {}, run.failure),
    h("div", { class: "step head" }, h("span", {}), axis(span)),
    lines.map(({ show }) => show()),
  );
}

/** Whose command it is, a bootstrap writes beside it; others are taken by their time. */
function isWithin(run: Run, { comment, start }: Command): boolean {
  const sender = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(comment)?.[0];
  if (sender !== undefined) return sender === run.executionId;
  return start >= run.start && start <= run.start + run.seconds;
}

/** Commands that no run has sent. */
function commandsPart(commands: readonly Command[]): HTMLElement {
  const ends = commands.map(({ start, seconds }) => start + seconds);
  const from = commands[0]?.start ?? 0;
  const span = { from, to: Math.max(from + 1, ...ends) };
  return h(
    "div",
    { class: "run" },
    h("h4", {}, "Other commands"),
    h("div", { class: "step head" }, h("span", {}), axis(span)),
    commands.map((command) => commandLines(command, span)),
  );
}

function stepLine(step: Run["steps"][number], span: Span): Child {
  const { name, action, item, status, start, seconds, attempts, message, printed } = step;
  const about = item === undefined ? "" : ` ${item}`;
  const tries = attempts > 1 ? `, ${attempts} attempts` : "";
  const title = `${name}${about} (${action}): ${status}, ${took(seconds)}${tries}`;
  return [
    h(
      "div",
      { class: "step" },
      h(
        "span",
        { class: item === undefined ? "" : "inner" },
        `${name}${about} `,
        h("span", { class: "quiet" }, action),
      ),
      line(span, { start, seconds, tone: toneOf(status), title }),
      h("span", { class: `word ${toneOf(status)}` }, `${signOf(status)} ${took(seconds)}${tries}`),
    ),
    message === undefined ? undefined : details("why", () => h("pre", {}, message)),
    // The first line is open: it shows what the script decided.
    printed === undefined ? undefined : printedLines(printed),
  ];
}

function printedLines(printed: string): Child {
  const [first = "", ...more] = printed.split("\n");
  if (more.length === 0) return h("p", { class: "printed quiet" }, first);
  return details(h("span", { class: "quiet" }, first), () => h("pre", {}, more.join("\n")));
}

function commandLines(command: Command, span: Span): Child {
  const { document, status, start, seconds, steps } = command;
  const title = `${document}: ${status}, ${took(seconds)}`;
  return [
    h(
      "div",
      { class: "step" },
      h("span", { class: "inner" }, `${document} `, h("span", { class: "quiet" }, "command")),
      line(span, { start, seconds, tone: toneOf(status), title }),
      h("span", { class: `word ${toneOf(status)}` }, `${signOf(status)} ${took(seconds)}`),
    ),
    steps.map(({ action, exitCode, output }) =>
      details(`${action}: exit code ${exitCode}, output`, () =>
        h("pre", {}, output || "(nothing)"),
      ),
    ),
  ];
}

function line(span: Span, item: Parameters<typeof bar>[1]): SVGSVGElement {
  const box = { y: 4, height: 10 };
  return svg("svg", { class: "track", height: 18, "aria-hidden": "true" }, bar(span, item, box));
}

function calls({ host }: HostView): Child {
  if (host.calls.length === 0) return undefined;
  const total = host.calls.reduce((sum, { times }) => sum + times, 0);
  const refused = host.calls.filter(({ outcome }) => outcome !== "allowed");
  const others = refused.map(({ outcome, times }) => `${times} ${outcome}`);
  return details(
    `${counted(total, "call")}${others.length > 0 ? `, of these ${others.join(", ")}` : ", all allowed"}`,
    () =>
      table(
        ["Call", "Outcome", "Times"],
        host.calls.map(({ call, outcome, times }) => [
          call,
          h("span", { class: `word ${toneOf(outcome)}` }, outcome),
          String(times),
        ]),
      ),
  );
}
