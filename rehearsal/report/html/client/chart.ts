import type { Span } from "./axis.js";
import { axis, position } from "./axis.js";
import { h, svg } from "./dom.js";
import type { ScenarioView } from "./model.js";

const HEIGHT = 120;
/** Fewer hosts are seen better in their own bars. */
export const MIN_HOSTS_FOR_CHART = 20;

/** How many hosts were running and how many of them ready, over time: two lines, however many hosts. */
export function chart({ hosts, end }: ScenarioView): HTMLElement {
  const span = { from: 0, to: end };
  const running = hosts.flatMap(({ host }) => host.running ?? []);
  const ready = hosts.flatMap(({ host: { running: from, ready: after } }) =>
    from === undefined || after === undefined ? [] : from + after,
  );
  const line = (times: readonly number[], tone: string) =>
    svg("path", { class: `line ${tone}`, d: steps(span, times, hosts.length) });
  return h(
    "figure",
    { class: "chart" },
    h(
      "figcaption",
      {},
      h("span", { class: "key running" }, "running"),
      " and ",
      h("span", { class: "key ready" }, "ready"),
      ` hosts over virtual time; the top is ${hosts.length.toLocaleString("en")}`,
    ),
    svg(
      "svg",
      { viewBox: `0 0 1000 ${HEIGHT}`, preserveAspectRatio: "none", height: HEIGHT, role: "img" },
      svg("title", {}, `${running.length} hosts ran, ${ready.length} became ready`),
      line(running, "running"),
      line(ready, "ready"),
    ),
    axis(span),
  );
}

/** A path that goes up by one at each of the times. */
function steps(span: Span, times: readonly number[], most: number): string {
  const y = (count: number) => (HEIGHT - 2 - (count / most) * (HEIGHT - 6)).toFixed(1);
  let path = `M0 ${y(0)}`;
  for (const [index, time] of [...times].sort((a, b) => a - b).entries()) {
    path += `H${(position(span, time) * 10).toFixed(1)}V${y(index + 1)}`;
  }
  return `${path}H1000`;
}
