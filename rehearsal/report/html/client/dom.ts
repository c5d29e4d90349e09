/** Building elements. Data becomes text nodes and attributes only, never markup. */

export type Child = Node | string | undefined | readonly Child[];
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, children);
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Something that opens: closed at first unless `open`. What is inside is made when it opens first. */
export function details(summary: Child, content: () => Child, open = false): HTMLDetailsElement {
  const element = h("details", {}, h("summary", {}, summary));
  let isFilled = false;
  const make = () => {
    if (isFilled || !element.open) return;
    isFilled = true;
    append(element, [content()]);
  };
  element.addEventListener("toggle", make);
  element.open = open;
  make();
  return element;
}

/** A table whose rows after the first hundred come on demand; `short`: its first two columns do not wrap. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  kind?: "short",
): Child {
  const body = h("tbody");
  const more = h("button", { type: "button", class: "more" });
  let shown = 0;
  const show = (count: number) => {
    const next = rows.slice(shown, shown + count);
    shown += next.length;
    append(
      body,
      next.map((cells) =>
        h(
          "tr",
          {},
          cells.map((cell) => h("td", {}, cell)),
        ),
      ),
    );
    more.textContent = `Show the other ${rows.length - shown}`;
    more.hidden = shown >= rows.length;
  };
  more.addEventListener("click", () => show(rows.length));
  show(100);
  const titles = head.map((title) => h("th", { scope: "col" }, title));
  const whole = h("table", { class: kind }, h("thead", {}, h("tr", {}, titles)), body);
  return [h("div", { class: "scroll" }, whole), more];
}

export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === "string" || child instanceof Node) parent.append(child);
    else append(parent, child);
  }
}

function filled<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}
