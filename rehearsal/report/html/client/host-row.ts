import type { Span } from "./axis.js";
import { bar } from "./axis.js";
import { h, svg } from "./dom.js";
import { hostDetail } from "./host-detail.js";
import type { HostView, ScenarioView } from "./model.js";
import { clockTime, duration, money, signOf, took, toneOf } from "./words.js";

/** One line for a host: what became of it, who it is, and its runs on the axis of time. Opens into its detail. */
export function hostRow(view: HostView, { end }: ScenarioView): HTMLElement {
  const { host, word } = view;
  const button = h(
    "button",
    { type: "button", class: "row", "aria-expanded": "false" },
    h("span", { class: `word ${toneOf(word)}` }, `${signOf(word)} ${word}`),
    h("span", { class: "name" }, h("strong", {}, host.name), ` ${host.instanceId}`),
    h("span", { class: "quiet" }, `${host.account} ${host.region}`),
    h("span", { class: "number" }, host.ready === undefined ? "–" : duration(host.ready)),
    h("span", { class: "number" }, money(host.price)),
    bars(view, { from: 0, to: end }),
  );
  const element = h("div", { class: "host" }, button);
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(open));
    if (open) element.append(hostDetail(view));
    else button.nextElementSibling?.remove();
  });
  return element;
}

function bars({ host }: HostView, span: Span): SVGSVGElement {
  const { running, runs } = host;
  const box = { y: 4, height: 12 };
  // Until its first run the host waits; without one, until the end.
  const waits = (from: number) => ({
    start: from,
    seconds: (runs[0]?.start ?? span.to) - from,
    tone: "wait",
    title: `running at ${clockTime(from)}`,
  });
  return svg(
    "svg",
    { class: "track", height: 20, "aria-hidden": "true" },
    running === undefined ? undefined : bar(span, waits(running), box),
    runs.map(({ start, seconds, status, document }) => {
      const title = `${document}: ${status}, ${clockTime(start)} for ${took(seconds)}`;
      return bar(span, { start, seconds, tone: toneOf(status), title }, box);
    }),
  );
}
