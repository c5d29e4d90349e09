import { axis } from "./axis.js";
import { append, h } from "./dom.js";
import { hostRow } from "./host-row.js";
import type { HostView, ScenarioView } from "./model.js";
import { counted } from "./words.js";

/** Rows are made as they are scrolled to: a page of thousands of hosts opens with as many elements as this asks for. */
const CHUNK = 60;

const ORDERS: Readonly<Record<string, (a: HostView, b: HostView) => number>> = {
  "failed first": (a, b) => Number(b.failed) - Number(a.failed),
  "order of launch": () => 0,
  "slowest first": (a, b) => readiness(b) - readiness(a),
  "dearest first": (a, b) => b.host.price - a.host.price,
  name: (a, b) => a.host.name.localeCompare(b.host.name, "en", { numeric: true }),
};

export interface HostList {
  readonly element: HTMLElement;
  /** Shows the hosts that match a text, and scrolls there. */
  readonly search: (text: string) => void;
}

/** The hosts of a scenario: searched, filtered, in an order, each with its bar on one axis of time. */
export function hostList(view: ScenarioView): HostList {
  const { query, failedOnly, order, count, element: tools } = toolbar(view);
  const rows = growingRows(view);
  const update = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = view.hosts.filter(
      ({ failed, text }) =>
        (failed || !failedOnly.checked) && words.every((word) => text.includes(word)),
    );
    found.sort(ORDERS[order.value] ?? (() => 0));
    count.textContent = `${found.length.toLocaleString("en")} of ${counted(view.hosts.length, "host")}`;
    rows.show(found);
  };
  for (const control of [query, failedOnly, order]) control.addEventListener("input", update);
  update();
  const titles = ["", "Host", "Account and Region", "Ready", "Price"].map((title, index) =>
    h("span", { class: index > 2 ? "number" : "" }, title),
  );
  const head = h("div", { class: "rowhead" }, titles, axis({ from: 0, to: view.end }));
  const element = h("div", { class: "hosts" }, h("h3", {}, "Hosts"), tools, head, rows.element);
  useKeys(element, query);
  const search = (text: string) => {
    query.value = text;
    failedOnly.checked = false;
    update();
    element.querySelector<HTMLButtonElement>("button.row")?.click();
    query.focus();
    element.scrollIntoView();
  };
  return { element, search };
}

function growingRows(view: ScenarioView) {
  const rows = h("div", { class: "rows" });
  const end = h("div", { class: "end" });
  let found: readonly HostView[] = [];
  let shown = 0;
  const grow = (by: number) => {
    const next = found.slice(shown, shown + by);
    shown += next.length;
    append(
      rows,
      next.map((host) => hostRow(host, view)),
    );
    const left = found.length - shown;
    end.textContent = left > 0 ? `${counted(left, "more host")} below` : "";
    // Observed again, it reports again whether the end is visible: on a tall screen it may still be.
    watch.unobserve(end);
    if (left > 0) watch.observe(end);
  };
  // Some rows ahead, so that they are there before they are scrolled into view.
  const watch = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) grow(CHUNK);
    },
    { rootMargin: "600px" },
  );
  addEventListener("beforeprint", () => {
    if (end.isConnected) grow(found.length);
  });
  const show = (hosts: readonly HostView[]) => {
    found = hosts;
    shown = 0;
    rows.replaceChildren();
    grow(CHUNK);
  };
  return { element: h("div", {}, rows, end), show };
}

function toolbar({ hosts }: ScenarioView) {
  const query = h("input", {
    type: "search",
    placeholder: "host, account, text  ( / )",
    "aria-label": "Search hosts",
    autocomplete: "off",
    spellcheck: "false",
  });
  const failedOnly = h("input", { type: "checkbox" });
  const failed = hosts.filter((host) => host.failed).length;
  const order = h(
    "select",
    { "aria-label": "Order" },
    Object.keys(ORDERS).map((name) => h("option", {}, name)),
  );
  const count = h("span", { class: "quiet", role: "status" });
  const element = h(
    "div",
    { class: "toolbar" },
    query,
    h("label", {}, failedOnly, ` failed only (${failed.toLocaleString("en")})`),
    order,
    count,
  );
  return { element, query, failedOnly, order, count };
}

function readiness({ host }: HostView): number {
  return host.ready ?? Number.POSITIVE_INFINITY;
}

/** `/` goes to the search, Escape empties it, arrows go from host to host; Enter and Space open, as buttons do. */
function useKeys(element: HTMLElement, query: HTMLInputElement): void {
  const slash = (event: KeyboardEvent) => {
    if (!element.isConnected) return removeEventListener("keydown", slash);
    if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    query.focus();
  };
  addEventListener("keydown", slash);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === query) {
      query.value = "";
      query.dispatchEvent(new Event("input"));
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || event.target instanceof HTMLSelectElement) return;
    const stops = [query, ...element.querySelectorAll<HTMLElement>("button.row")];
    const at = stops.indexOf(event.target as HTMLElement);
    if (at < 0) return;
    event.preventDefault();
    stops[at + step]?.focus();
  });
}
