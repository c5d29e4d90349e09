import { chart, MIN_HOSTS_FOR_CHART } from "./chart.js";
import type { Child } from "./dom.js";
import { details, h, table } from "./dom.js";
import { findings } from "./findings.js";
import { hostList } from "./hosts.js";
import type { ScenarioView } from "./model.js";
import { clockTime, counted, duration, money, signOf, toneOf } from "./words.js";

/** One scenario: its figures, what was found, and its hosts. */
export function scenarioSection(view: ScenarioView): HTMLElement {
  const { scenario, hosts } = view;
  const list = hostList(view);
  return h(
    "section",
    {},
    h(
      "h2",
      {},
      scenario.name,
      " ",
      h("span", { class: `badge ${toneOf(scenario.outcome)}` }, scenario.outcome),
    ),
    h("p", { class: "quiet" }, h("code", {}, scenario.file)),
    figures(view),
    expectations(view),
    findings(view, list.search),
    hosts.length >= MIN_HOSTS_FOR_CHART ? chart(view) : undefined,
    list.element,
    others(view),
  );
}

function figures({ scenario: { totals, calls, virtualSeconds } }: ScenarioView): HTMLElement {
  const { hosts, ready, failed, medianReady, longestReady, price } = totals;
  const figure = (name: string, value: string, about: string, tone = "") =>
    h(
      "div",
      { class: "figure" },
      h("dt", {}, name),
      h("dd", { class: tone }, value),
      h("dd", { class: "quiet" }, about),
    );
  const time = (seconds?: number) => (seconds === undefined ? "–" : duration(seconds));
  const { pricePerReady, otherRuns, otherPrice } = totals;
  const perHost =
    pricePerReady === undefined ? "" : `${money(pricePerReady)} a host that is ready; `;
  const others =
    otherRuns === 0
      ? ""
      : `; ${money(otherPrice)} more for ${counted(otherRuns, "run")} of no host`;
  const billed = `${counted(totals.billedSteps, "step")}, ${counted(totals.scriptSeconds, "script second")}`;
  return h(
    "dl",
    { class: "figures" },
    figure(
      "Hosts ready",
      `${ready} of ${hosts}`,
      failed === 0 ? "none failed" : `${failed} failed`,
      failed === 0 ? "" : "bad",
    ),
    figure("Running to ready", time(medianReady), `median; longest ${time(longestReady)}`),
    figure("Price of Automation", money(price), `${perHost}${billed}${others}`),
    figure(
      "Calls",
      calls.allowed.toLocaleString("en"),
      `allowed; ${calls.denied.length} denied, ${calls.throttled} throttled, ${calls.refused} refused`,
      calls.denied.length === 0 ? "" : "bad",
    ),
    figure("Virtual time", duration(virtualSeconds), "from the first event to the last"),
  );
}

function expectations({ scenario }: ScenarioView): Child {
  const failed = scenario.expectations.filter(({ holds }) => !holds);
  const passed = scenario.expectations.filter(({ holds }) => holds);
  const item = ({ expectation, holds, found }: (typeof failed)[number]) => {
    const sign = holds ? "passed" : "failed";
    return h(
      "li",
      {},
      h("span", { class: `word ${toneOf(sign)}` }, signOf(sign)),
      ` ${expectation}`,
      found === undefined ? undefined : h("pre", {}, `found: ${found}`),
    );
  };
  return [
    failed.length === 0
      ? undefined
      : h(
          "div",
          { class: "finding" },
          h("h3", {}, `${counted(failed.length, "expectation")} failed`),
          h("ul", { class: "plain" }, failed.map(item)),
        ),
    passed.length === 0
      ? undefined
      : details(`${counted(passed.length, "expectation")} passed`, () =>
          h("ul", { class: "plain" }, passed.map(item)),
        ),
  ];
}

/** Everything that is about no host in particular. */
function others({ scenario, timeline }: ScenarioView): Child {
  const { byPrincipal } = scenario.calls;
  const word = (outcome: string) => h("span", { class: `word ${toneOf(outcome)}` }, outcome);
  return [
    timeline.length === 0
      ? undefined
      : details(`${counted(timeline.length, "event")} of no host`, () =>
          table(
            ["Time", "Account", "Region", "Source", "What"],
            timeline.map(({ seconds, account, region, source, text }) => [
              clockTime(seconds),
              account,
              region,
              source,
              text,
            ]),
          ),
        ),
    details(`All calls by role: ${counted(byPrincipal.length, "line")}`, () =>
      table(
        ["Role or service", "Account", "Call", "Outcome", "Times"],
        byPrincipal.map(({ principal, account, call, outcome, times }) => [
          principal,
          account,
          call,
          word(outcome),
          times.toLocaleString("en"),
        ]),
      ),
    ),
  ];
}
