import { expect } from "chai";
import { InvalidEventPattern, parsePattern } from "../../../../cloud/services/events/pattern.js";

describe("the reader of event patterns", () => {
  const inOr = (branches: number) => Array.from({ length: branches }, (_, n) => ({ a: [n] }));
  const table: [pattern: string | object, reason: string][] = [
    ["{", "Invalid JSON"],
    ['"a"', "Filter is not an object"],
    [[], "Filter is not an object"],
    ["null", "Filter is not an object"],
    [{}, "Empty objects are not allowed"],
    [{ detail: {} }, "Empty objects are not allowed"],
    [{ a: [] }, "Empty arrays are not allowed"],
    [{ a: "x" }, '"a" must be an object or an array'],
    [{ a: { b: null } }, '"b" must be an object or an array'],
    [{ a: [["x"]] }, "Match value must be String, number, true, false, or null"],
    [{ a: [{}] }, "Match expression name not found"],
    [{ a: [{ prefix: "x", suffix: "y" }] }, "Only one key allowed in match expression"],
    [{ a: [{ postfix: "x" }] }, "Unrecognized match type postfix"],
    [{ a: [{ constructor: "x" }] }, "Unrecognized match type constructor"],
    [{ a: [{ prefix: 1 }] }, "prefix match pattern must be a string"],
    [{ a: [{ prefix: { suffix: "x" } }] }, "Unsupported prefix pattern: suffix"],
    [{ a: [{ suffix: { wildcard: "x" } }] }, "Unsupported suffix pattern: wildcard"],
    [
      { a: [{ suffix: { "equals-ignore-case": ["x"] } }] },
      "equals-ignore-case match pattern must be a string",
    ],
    [{ a: [{ exists: "true" }] }, "exists match pattern must be either true or false."],
    [{ a: [{ cidr: "10.0.0.0" }] }, "Malformed CIDR, one '/' required"],
    [{ a: [{ cidr: "10.0.0.0/x" }] }, "Malformed CIDR, mask bits must be an integer"],
    [{ a: [{ cidr: "10.0.0/8" }] }, "Nonstandard IP address: 10.0.0"],
    [{ a: [{ cidr: "10.0.0.1/32" }] }, "IPv4 mask bits must be < 32"],
    [{ a: [{ cidr: "::1/128" }] }, "IPv6 mask bits must be < 128"],
    [{ a: [{ wildcard: "a**" }] }, "Consecutive wildcard characters at pos 2"],
    [{ a: [{ wildcard: "\\a" }] }, "Invalid escape character at pos 1"],
    [{ a: [{ numeric: 1 }] }, "Value of numeric must be an array."],
    [{ a: [{ numeric: ["==", 1] }] }, "Unrecognized numeric range operator: =="],
    [{ a: [{ numeric: [">", "1"] }] }, "Value of > must be numeric"],
    [{ a: [{ numeric: [">", 5e9 + 1] }] }, "Value must be between -5.0E9 and 5.0E9, inclusive"],
    [{ a: [{ numeric: ["<", -6e9] }] }, "Value must be between -5.0E9 and 5.0E9, inclusive"],
    [{ a: [{ numeric: ["=", 0.1234567] }] }, "Only values upto 6 decimals are supported"],
    [{ a: [{ numeric: ["<", 1, ">", 0] }] }, "Too many elements in numeric expression"],
    [{ a: [{ numeric: [">", 0, "<", 1, "<", 2] }] }, "Too many elements in numeric expression"],
    [{ a: [{ numeric: [">", 0, "=", 1] }] }, "Unrecognized numeric range operator: ="],
    [{ a: [{ numeric: [">", 1, "<", 1] }] }, "Bottom must be less than top"],
    [{ a: [{ "anything-but": 6e9 }] }, "Value must be between -5.0E9 and 5.0E9, inclusive"],
    [
      { a: [{ "anything-but": { numeric: ["=", 1] } }] },
      "Unsupported anything-but pattern: numeric",
    ],
    [{ a: [{ "anything-but": { prefix: "" } }] }, "Null prefix/suffix not allowed"],
    [{ a: [{ "anything-but": { suffix: ["a", ""] } }] }, "Null prefix/suffix not allowed"],
    ...[[], [null], ["a", 1], true].map((mixed): [object, string] => [
      { a: [{ "anything-but": mixed }] },
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    ]),
    [{ $or: inOr(1) }, "There must have at least 2 Objects in $or relationship."],
    [{ $or: [...inOr(2), "x"] }, "Unrecognized match type a"],
    [
      { $or: [{ a: { numeric: ["x"] } }, ...inOr(1)] },
      "numeric is Ruler reserved fieldName which cannot be used inside $or.",
    ],
    [{ x: { $or: inOr(40) }, $or: inOr(26) }, "$or makes more than 1000 rule combinations"],
    [{ a: ["x".repeat(4087)] }, "expected at most 4096 characters, got 4097"],
  ];
  for (const [pattern, reason] of table) {
    it(`refuses ${JSON.stringify(pattern).slice(0, 70)}: ${reason}`, () => {
      expect(() => parsePattern(pattern))
        .to.throw(InvalidEventPattern, `Event pattern is not valid. Reason: ${reason}`)
        .with.property("code", "InvalidEventPatternException");
    });
  }

  it("takes what is just within the limits", () => {
    expect(parsePattern({ a: ["x".repeat(4086)] }).fields).to.deep.equal(["a"]);
    expect(parsePattern({ x: { $or: inOr(40) }, $or: inOr(25) }).alternatives).to.have.lengthOf(
      1000,
    );
    expect(parsePattern({ a: [{ numeric: [">=", -5e9, "<=", 5e9] }] }).fields).to.deep.equal(["a"]);
  });
});
