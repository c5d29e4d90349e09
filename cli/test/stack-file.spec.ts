import { expect } from "chai";
import type { Entry } from "../stack-file.js";
import { stackFileOf, withEntries } from "../stack-file.js";

const KEY = "fleet:packages";
const NEW: Entry = { name: "new", version: "1.10", share: ["222222222222"] };
const ADDED = '- name: new\n  version: "1.10"\n  share:\n    - "222222222222"\n';
const added = (indent: number) => ADDED.replaceAll(/^(?=.)/gm, " ".repeat(indent));

/** The file with other entries, from those that it has. */
const edited = (text: string, change: (entries: readonly Entry[]) => readonly Entry[]): string => {
  const file = stackFileOf("Pulumi.log.yaml", Buffer.from(text));
  return withEntries(file, KEY, change((file.config["packages"] ?? []) as Entry[]));
};

describe("withEntries", () => {
  const file = [
    "# first",
    "config:",
    "  fleet:packages:",
    "    # why a",
    "    - name:   a # odd",
    "",
    "      version: 1.0.0",
    "    - { name: b, version: 1.0.0 }",
    "  # then",
    "  fleet:role:  log",
    "",
  ].join("\n");

  it("changes nothing where the entries are the same", () => {
    expect(edited(file, (entries) => entries)).to.equal(file);
  });

  it("adds entries at the end, and leaves every other line alone", () => {
    expect(edited(file, (entries) => [...entries, NEW])).to.equal(
      file.replace("  # then", `${added(4)}  # then`),
    );
  });

  it("changes the entry that changed, with the comments in it", () => {
    const raised = edited(file, ([a, b = {}]) => [{ ...a, version: "1.1.0", validate: "x" }, b]);
    expect(raised).to.equal(
      file
        .replace("name:   a", "name: a")
        .replace("      version: 1.0.0\n", "      version: 1.1.0\n      validate: x\n"),
    );
  });

  it("takes away a field that the entry has no more", () => {
    expect(edited(file, ([a = {}]) => [a, { name: "b" }])).to.equal(
      file.replace("{ name: b, version: 1.0.0 }", "{ name: b }"),
    );
  });

  for (const [what, before, after] of [
    [
      "an empty list",
      "config:\n  fleet:packages: [] # none\n  fleet:role: log\n",
      `config:\n  fleet:packages:\n${added(4)}  fleet:role: log\n`,
    ],
    [
      "a key without a value",
      "config:\n  fleet:packages:\n  fleet:role: log\n",
      `config:\n  fleet:packages:\n${added(4)}  fleet:role: log\n`,
    ],
    [
      "no such key",
      "config:\n    fleet:role: log\n# end",
      `config:\n    fleet:role: log\n    fleet:packages:\n${added(6)}# end`,
    ],
    [
      "no newline at the end",
      "config:\n  fleet:packages:\n  - name: a",
      `config:\n  fleet:packages:\n  - name: a\n${added(2)}`,
    ],
  ] as const) {
    it(`begins a list where there is ${what}`, () => {
      expect(edited(before, (entries) => [...entries, NEW])).to.equal(after);
    });
  }

  it("says how the list must be written", () => {
    const flow = "config:\n  fleet:packages: [{ name: a }]\n";
    expect(() => edited(flow, (entries) => [...entries, NEW])).to.throw(
      "Pulumi.log.yaml: fleet:packages: expected a list with an entry on lines of its own",
    );
  });

  it("says what is wrong with the YAML", () => {
    expect(() => stackFileOf("Pulumi.log.yaml", Buffer.from("config:\n  a: ["))).to.throw(
      /^Pulumi.log.yaml:2: expected YAML: /,
    );
  });
});
