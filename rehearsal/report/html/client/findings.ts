import type { Child } from "./dom.js";
import { details, h } from "./dom.js";
import type { DeniedCall, ScenarioView } from "./model.js";
import { clockTime, counted } from "./words.js";

type Search = (text: string) => void;

/** What a reader must know before the hosts: denials, dead letters, messages, and what is not rehearsed. */
export function findings(view: ScenarioView, search: Search): Child {
  return [
    denials(view, search),
    deadLetters(view, search),
    messages(view, search),
    notRehearsedOf(view),
  ];
}

/** A denied call with the statement that is missing. */
export function denial({
  action,
  resource,
  message,
  deniedBy,
  missing,
  nearly,
}: DeniedCall): Child {
  return [
    h("p", {}, h("code", { class: "word bad" }, action), " on ", h("code", {}, resource)),
    h("p", { class: "quiet" }, message),
    deniedBy === undefined ? undefined : h("p", {}, `Denied by ${deniedBy}`),
    missing.map(({ place, statement }) => [
      h("p", {}, "Missing in ", h("strong", {}, place), ":"),
      h("pre", {}, JSON.stringify(statement, undefined, 2)),
    ]),
    nearly.map((text) => h("p", { class: "quiet" }, `Nearly: ${text}`)),
  ];
}

function denials({ scenario }: ScenarioView, search: Search): Child {
  const { denied } = scenario.calls;
  if (denied.length === 0) return undefined;
  // The same hole in a policy shows once for every host that fell into it.
  const causes = Map.groupBy(denied, ({ call, action, deniedBy = "", missing, resource }) =>
    JSON.stringify([
      call,
      action,
      deniedBy,
      missing.map(({ place }) => place),
      withoutIds(resource),
    ]),
  );
  return h(
    "div",
    { class: "finding" },
    h("h3", {}, `${counted(denied.length, "denied call")}`),
    [...causes.values()].map((same) => {
      const [first] = same;
      return first && h("div", { class: "cause" }, denial(first), times(same, search));
    }),
  );
}

function deadLetters({ scenario: { deadLetters } }: ScenarioView, search: Search): Child {
  if (deadLetters.length === 0) return undefined;
  const causes = Map.groupBy(deadLetters, ({ queue, code, message }) =>
    JSON.stringify([queue, code, withoutIds(message)]),
  );
  return h(
    "div",
    { class: "finding" },
    h("h3", {}, `${counted(deadLetters.length, "event")} in dead-letter queues`),
    [...causes.values()].map((same) => {
      const [first] = same;
      if (first === undefined) return undefined;
      const { queue, code, message, account, region } = first;
      return h(
        "div",
        { class: "cause" },
        h("p", {}, h("code", { class: "word bad" }, code), ` in ${queue} (${account}, ${region})`),
        h("p", { class: "quiet" }, message),
        times(same, search),
      );
    }),
  );
}

function messages({ scenario: { messages: all } }: ScenarioView, search: Search): Child {
  if (all.length === 0) return undefined;
  const places = Map.groupBy(all, ({ place, region }) => `${place} (${region})`);
  return [...places].map(([place, same]) =>
    details(`${counted(same.length, "message")} in ${place}`, () =>
      same
        .slice(0, 100)
        .map(({ seconds, subject, text, instanceId }) =>
          h(
            "div",
            { class: "cause" },
            h("p", {}, `${clockTime(seconds)} ${subject ?? ""} `, host(instanceId, search)),
            h("pre", {}, text),
          ),
        ),
    ),
  );
}

/** What is not modelled, and scripts that were read and not run, or not run by what a host runs them by. */
function notRehearsedOf({ scenario }: ScenarioView): Child {
  const { notRehearsed, parsedNotExecuted, executedElsewhere } = scenario;
  return [
    subjects(
      "Not rehearsed",
      "The local cloud does not model these; what depends on them is not proven here.",
      notRehearsed,
    ),
    subjects(
      "Parsed, not executed",
      "The syntax of these PowerShell scripts was checked; what they do on a host is not proven here.",
      parsedNotExecuted,
    ),
    subjects(
      "Executed by another interpreter",
      "What these PowerShell scripts do under Windows PowerShell on a host is not proven here.",
      executedElsewhere,
    ),
  ];
}

function subjects(
  title: string,
  meaning: string,
  list: readonly { readonly subject: string; readonly times: number }[],
): Child {
  if (list.length === 0) return undefined;
  return h(
    "div",
    { class: "finding mild" },
    h("h3", {}, title),
    h("p", { class: "quiet" }, meaning),
    h(
      "ul",
      {},
      list.map(({ subject, times: count }) =>
        h("li", {}, subject, count > 1 ? ` (${counted(count, "time")})` : ""),
      ),
    ),
  );
}

/** How often, and for which hosts, each a way to it. */
function times(same: readonly { instanceId?: string | undefined }[], search: Search): Child {
  const hosts = [...new Set(same.flatMap(({ instanceId }) => instanceId ?? []))];
  const more = hosts.length > 5 ? ` and ${counted(hosts.length - 5, "other host")}` : "";
  return h(
    "p",
    {},
    same.length > 1 ? `${counted(same.length, "time")}: ` : "",
    hosts.slice(0, 5).map((instanceId) => [host(instanceId, search), " "]),
    more,
  );
}

function host(instanceId: string | undefined, search: Search): Child {
  if (instanceId === undefined) return undefined;
  const button = h("button", { type: "button", class: "link" }, instanceId);
  button.addEventListener("click", () => search(instanceId));
  return button;
}

/** Sessions, hosts and ids differ from call to call; the cause is the same. */
function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8,}|\bi-[0-9a-f]+/g, "#").replace(/#(-[0-9a-f]{4})+-#/g, "#");
}
