import { expect } from "chai";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import path from "node:path";
import { matches, parsePattern } from "../../../../cloud/services/events/pattern.js";

interface Case {
  readonly line: number;
  readonly pattern: object;
  readonly event: unknown;
  readonly match: boolean;
}

const VECTORS = path.join(__dirname, "../../../vectors/event-patterns.jsonl");

const OPERATORS = [
  "prefix",
  "suffix",
  "equals-ignore-case",
  "wildcard",
  "anything-but",
  "numeric",
  "cidr",
  "exists",
  "$or",
];

describe("the matcher of event patterns", () => {
  describe("decides as AWS's Event Ruler does, in the stored cases", () => {
    const cases = readCases();
    const uses = (operator: string) => (example: Case) =>
      JSON.stringify(example.pattern).includes(`"${operator}":`);

    it("of which there are 400", () => expect(cases).to.have.lengthOf(400));

    for (const operator of OPERATORS) {
      it(`with ${operator}`, () => agrees(cases.filter(uses(operator))));
    }

    it("with plain values only", () =>
      agrees(cases.filter((example) => !OPERATORS.some((operator) => uses(operator)(example)))));
  });

  describe("beyond the stored cases", () => {
    const table: [title: string, pattern: object, event: unknown, match: boolean][] = [
      ["a text is not the number it spells", { a: [1] }, { a: "1" }, false],
      ["true is not a text", { a: ["true"] }, { a: true }, false],
      ["null is a value", { a: [null] }, { a: null }, true],
      ["null exists", { a: [{ exists: true }] }, { a: null }, true],
      ["an object is not a value", { a: [{ exists: true }] }, { a: { b: 1 } }, false],
      ["an object is the absence of a value", { a: [{ exists: false }] }, { a: { b: 1 } }, true],
      ["an empty list is the absence of a value", { a: [{ exists: false }] }, { a: [] }, true],
      ["an empty list is not anything", { a: [{ "anything-but": "x" }] }, { a: [] }, false],
      ["a list in a list is one list", { a: [2] }, { a: [[1], [[2]]] }, true],
      ["a number is anything but a text", { a: [{ "anything-but": "1" }] }, { a: 1 }, true],
      ["one element differs", { a: [{ "anything-but": "x" }] }, { a: ["x", "y"] }, true],
      [
        "a start in other letters",
        { a: [{ prefix: { "equals-ignore-case": "AB" } }] },
        { a: "aBc" },
        true,
      ],
      [
        "no start in other letters",
        { a: [{ prefix: { "equals-ignore-case": "BC" } }] },
        { a: "aBc" },
        false,
      ],
      [
        "an end in other letters",
        { a: [{ suffix: { "equals-ignore-case": "BC" } }] },
        { a: "aBc" },
        true,
      ],
      [
        "no end in other letters",
        { a: [{ suffix: { "equals-ignore-case": "AB" } }] },
        { a: "aBc" },
        false,
      ],
      ["a number has no prefix", { a: [{ prefix: "" }] }, { a: 1 }, false],
      [
        "a number is anything but a prefix",
        { a: [{ "anything-but": { prefix: "1" } }] },
        { a: 1 },
        true,
      ],
      ["an escaped asterisk is plain", { a: [{ wildcard: "1\\*2*" }] }, { a: "1*2x" }, true],
      [
        "an escaped asterisk is not a wildcard",
        { a: [{ wildcard: "1\\*2*" }] },
        { a: "1x2x" },
        false,
      ],
      ["an escaped backslash is plain", { a: [{ wildcard: "c:\\\\*" }] }, { a: "c:\\x" }, true],
      ["pieces do not overlap", { a: [{ wildcard: "ab*ba" }] }, { a: "aba" }, false],
      ["a dot in a key is a step", { "a.b": ["x"] }, { a: { b: "x" } }, true],
      ["a step is a dot in a key", { a: { b: { c: ["x"] } } }, { "a.b": { c: "x" } }, true],
      ["a key that begins alike is another", { ab: ["x"] }, { a: "x", abc: "x" }, false],
      ["an address has several spellings", { a: ["::1"] }, { a: "0:0:0:0:0:0:0:1" }, true],
      ["a block of IPv6", { a: [{ cidr: "2001:db8::/32" }] }, { a: "2001:DB8:1::5" }, true],
      ["another block of IPv6", { a: [{ cidr: "2001:db8::/32" }] }, { a: "2001:db9::5" }, false],
      ["a text is not in a block", { a: [{ cidr: "10.0.0.0/8" }] }, { a: "10.0.0" }, false],
      ["a number too large to compare", { a: [{ numeric: [">", 0] }] }, { a: 6e9 }, false],
      ["the limit itself is compared", { a: [{ numeric: [">", 0] }] }, { a: 5e9 }, true],
      ["a large number is equal to itself", { a: [111122223333] }, { a: 111122223333 }, true],
      ["$or before an object is a name", { $or: { a: ["x"] } }, { $or: { a: "x" } }, true],
      ["$or before an operator is a name", { $or: [{ prefix: "x" }] }, { $or: "xy" }, true],
      ["what is not an object has no event", { a: [{ exists: false }] }, [], false],
    ];
    for (const [title, pattern, event, match] of table) {
      it(`${title}: ${JSON.stringify(pattern)} ${match ? "takes" : "leaves"} ${JSON.stringify(event)}`, () =>
        expect(matches(parsePattern(pattern), event)).to.equal(match));
    }

    it("takes a branch of $or in place of the same field around it", () => {
      const pattern = parsePattern({ a: ["x"], $or: [{ a: ["y"] }, { b: ["z"] }] });
      expect(matches(pattern, { a: "y" })).to.equal(true);
      expect(matches(pattern, { a: "x", b: "z" })).to.equal(true);
      expect(matches(pattern, { a: "x" })).to.equal(false);
    });
  });

  describe("in a list of objects", () => {
    const event = {
      disks: [
        { name: "root", size: 8, tags: [{ key: "a", value: "1" }] },
        { name: "data", tags: [{ key: "b", value: "2" }] },
      ],
    };
    const disks = (pattern: object) => matches(parsePattern({ disks: pattern }), event);

    it("wants all fields in one element", () => {
      expect(disks({ name: ["root"], size: [8] })).to.equal(true);
      expect(disks({ name: ["data"], size: [8] })).to.equal(false);
    });

    it("wants lists inside the element to agree, too", () => {
      expect(disks({ name: ["data"], tags: { key: ["b"], value: ["2"] } })).to.equal(true);
      expect(disks({ name: ["data"], tags: { key: ["a"], value: ["1"] } })).to.equal(false);
      expect(disks({ tags: { key: ["a"], value: ["2"] } })).to.equal(false);
    });

    it("finds a field absent from the element chosen by the names before it", () => {
      expect(disks({ name: ["data"], size: [{ exists: false }] })).to.equal(true);
      expect(disks({ name: ["root"], size: [{ exists: false }] })).to.equal(false);
    });

    it("finds a field present if any element has it where no element is chosen yet", () => {
      const other = { disks: [{ a: 1, name: "root" }, { name: "data" }] };
      const pattern = parsePattern({ disks: { name: ["data"], a: [{ exists: false }] } });
      expect(matches(pattern, other)).to.equal(false);
    });
  });

  describe("for any event and any text", () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const { event: anyEvent } = fc.letrec((tie) => ({
      event: fc.dictionary(fc.constantFrom("a", "b", "c-d", "Ee"), tie("value"), { maxKeys: 4 }),
      value: fc.oneof(
        { depthSize: "small" },
        scalar,
        fc.array(tie("value"), { maxLength: 3 }),
        tie("event"),
      ),
    }));
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "B"), maxLength: 6 });

    it("matches an event with the pattern of its own values", () => {
      fc.assert(
        fc.property(anyEvent, (event) => {
          const pattern = { nowhere: [{ exists: false }], ...exactPattern(event) };
          fc.pre(JSON.stringify(pattern).length <= 4096);
          expect(matches(parsePattern(pattern), event)).to.equal(true);
        }),
      );
    });

    it("reads a pattern the same from text and from an object", () => {
      fc.assert(
        fc.property(anyEvent, anyEvent, (left, right) => {
          const pattern = { nowhere: [{ exists: false }], ...exactPattern(left) };
          const text = JSON.stringify(pattern, null, 1);
          fc.pre(text.length <= 4096);
          const fromText = matches(parsePattern(text), right);
          expect(matches(parsePattern(pattern), right)).to.equal(fromText);
        }),
      );
    });

    it("has anything-but as the opposite of what it wraps", () => {
      const operators = fc.constantFrom("prefix", "suffix", "equals-ignore-case");
      fc.assert(
        fc.property(
          operators,
          fc.array(letters.filter(Boolean), { minLength: 1 }),
          letters,
          (operator, operands, a) => {
            const like = parsePattern({ a: operands.map((operand) => ({ [operator]: operand })) });
            const unlike = parsePattern({ a: [{ "anything-but": { [operator]: operands } }] });
            expect(matches(unlike, { a })).to.equal(!matches(like, { a }));
          },
        ),
      );
    });

    it("has wildcards as a regular expression has them", () => {
      const pieces = fc.array(letters.filter(Boolean), { maxLength: 4 });
      const starred = fc.tuple(fc.constantFrom("", "*"), pieces, fc.constantFrom("", "*"));
      fc.assert(
        fc.property(starred, letters, ([start, between, end], a) => {
          const wildcard = (start + between.join("*") + end).replace("**", "*");
          const expected = new RegExp(`^${wildcard.replaceAll("*", ".*")}$`).test(a);
          expect(matches(parsePattern({ a: [{ wildcard }] }), { a })).to.equal(expected);
        }),
        { numRuns: 500 },
      );
    });

    it("has $or as any of its branches", () => {
      const branch = fc.record(
        { a: fc.array(letters, { minLength: 1, maxLength: 2 }), b: fc.tuple(letters) },
        { requiredKeys: ["a"] },
      );
      fc.assert(
        fc.property(
          fc.array(branch, { minLength: 2, maxLength: 4 }),
          letters,
          letters,
          (branches, a, b) => {
            const any = branches.some((branch) => matches(parsePattern(branch), { a, b }));
            expect(matches(parsePattern({ $or: branches }), { a, b })).to.equal(any);
          },
        ),
      );
    });
  });
});

function readCases(): Case[] {
  const lines = readFileSync(VECTORS, "utf8").trimEnd().split("\n");
  return lines.map((text, index) => ({
    line: index + 1,
    ...(JSON.parse(text) as Omit<Case, "line">),
  }));
}

function agrees(cases: readonly Case[]): void {
  expect(cases).to.not.have.lengthOf(0);
  const wrong = cases.filter(
    ({ pattern, event, match }) => matches(parsePattern(pattern), event) !== match,
  );
  expect(wrong.map(({ line }) => `line ${line}`)).to.deep.equal([]);
}

/** A pattern of the event's values, of the first element that has any where there is a list. */
function exactPattern(node: object): Record<string, unknown> {
  const entries = Object.entries(node).map(([key, value]) => [key, exactField(value)] as const);
  return Object.fromEntries(entries.filter(([, field]) => field !== undefined));
}

function exactField(value: unknown): object | undefined {
  if (Array.isArray(value)) return value.map(exactField).find((field) => field !== undefined);
  if (typeof value !== "object" || value === null) return [value];
  const pattern = exactPattern(value);
  return Object.keys(pattern).length > 0 ? pattern : undefined;
}
