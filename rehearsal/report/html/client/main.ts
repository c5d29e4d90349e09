import { append, details, h, table } from "./dom.js";
import { readReport, viewOf } from "./model.js";
import { scenarioSection } from "./scenario.js";
import { counted, duration, money, signOf, toneOf } from "./words.js";
import type { Report } from "../../schema.js";

/** Shows the report whose data is in the page. */
function show(report: Report): void {
  const page = document.getElementById("report");
  if (page === null) return;
  const place = h("div", { id: "scenario" });
  append(page, [header(report), report.scenarios.length > 1 ? overview(report) : undefined, place]);
  const choose = () => {
    const chosen = Number(/^#scenario-(\d+)$/.exec(location.hash)?.[1] ?? firstToShow(report));
    const scenario = report.scenarios[chosen];
    if (scenario === undefined) return;
    place.replaceChildren(scenarioSection(viewOf(scenario)));
    for (const link of page.querySelectorAll(".overview a")) {
      const current = link.getAttribute("href") === `#scenario-${chosen}`;
      link.toggleAttribute("aria-current", current);
    }
  };
  addEventListener("hashchange", choose);
  choose();
}

/** The first scenario that did not pass, else the first. */
function firstToShow({ scenarios }: Report): number {
  return Math.max(
    0,
    scenarios.findIndex(({ outcome }) => outcome !== "passed"),
  );
}

function header({ outcome, scenarios, stacks }: Report): HTMLElement {
  document.title = `Rehearsal ${outcome}`;
  const resources = stacks.flatMap((stack) =>
    stack.resources.map(({ type, name, id, region }) => [stack.name, type, name, id, region]),
  );
  const names = stacks.map(({ name, account }) => `${name} (${account})`).join(", ");
  return h(
    "header",
    {},
    h("h1", {}, "Rehearsal ", h("span", { class: `badge ${toneOf(outcome)}` }, outcome)),
    h(
      "p",
      { class: "quiet" },
      `${counted(scenarios.length, "scenario")} in a local cloud, on virtual time.`,
    ),
    details(`Stacks: ${names}; ${counted(resources.length, "resource")}`, () =>
      table(["Stack", "Type", "Name", "Id", "Region"], resources),
    ),
  );
}

function overview({ scenarios }: Report): HTMLElement {
  const rows = scenarios.map(({ name, outcome, totals, calls }, index) => [
    h("span", { class: `word ${toneOf(outcome)}` }, `${signOf(outcome)} ${outcome}`),
    h("a", { href: `#scenario-${index}` }, name),
    `${totals.ready} of ${totals.hosts}`,
    totals.medianReady === undefined ? "" : duration(totals.medianReady),
    totals.longestReady === undefined ? "" : duration(totals.longestReady),
    String(calls.denied.length),
    money(totals.price),
  ]);
  const head = ["Outcome", "Scenario", "Hosts ready", "Median", "Longest", "Denied", "Price"];
  return h("nav", { class: "overview", "aria-label": "Scenarios" }, table(head, rows));
}

show(readReport());
