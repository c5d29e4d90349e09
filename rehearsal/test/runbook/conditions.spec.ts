import { expect } from "chai";
import type { Condition, Json } from "../../../runbooks/loader/step.js";
import { holds } from "../../runbook/conditions.js";
import { Values } from "../../runbook/values.js";

const values = (given: Record<string, Json>) => new Values(given, new Map(), () => undefined);
const compare = (operator: string, value: Json, operand: Json) =>
  holds({ Variable: "{{ V }}", [operator]: operand }, values({ V: value }));

describe("Condition", () => {
  const cases: [operator: string, value: Json, operand: Json, holds: boolean][] = [
    ["StringEquals", "Linux", "Linux", true],
    ["StringEquals", "Linux", "linux", false],
    ["EqualsIgnoreCase", "Linux", "lINUX", true],
    ["EqualsIgnoreCase", "Linux", "Linu", false],
    ["StartsWith", "i-123", "i-", true],
    ["StartsWith", "mi-123", "i-", false],
    ["EndsWith", "a.msi", ".msi", true],
    ["EndsWith", "a.msi.zip", ".msi", false],
    ["Contains", "abc", "b", true],
    ["Contains", "abc", "d", false],
    ["NumericEquals", 3, 3, true],
    ["NumericEquals", 3, 4, false],
    ["NumericGreater", 4, 3, true],
    ["NumericGreater", 3, 3, false],
    ["NumericLesser", 2, 3, true],
    ["NumericLesser", 3, 3, false],
    ["NumericGreaterOrEquals", 3, 3, true],
    ["NumericGreaterOrEquals", 2, 3, false],
    ["NumericLesserOrEquals", 3, 3, true],
    ["NumericLesserOrEquals", 4, 3, false],
    ["BooleanEquals", true, true, true],
    ["BooleanEquals", false, true, false],
    ["BooleanEquals", false, "false", true],
  ];
  for (const [operator, value, operand, expected] of cases) {
    it(`${JSON.stringify(value)} ${operator} ${JSON.stringify(operand)} is ${expected}`, () => {
      expect(compare(operator, value, operand)).to.equal(expected);
    });
  }

  const mismatches: [operator: string, value: Json, operand: Json][] = [
    ["StringEquals", 3, "3"],
    ["NumericEquals", "3", 3],
    ["BooleanEquals", "true", true],
  ];
  for (const [operator, value, operand] of mismatches) {
    it(`fails for ${JSON.stringify(value)} ${operator} ${JSON.stringify(operand)}, as nothing is converted`, () => {
      expect(() => compare(operator, value, operand)).to.throw("The operator compares");
    });
  }

  const is = (value: string): Condition => ({ Variable: "{{ V }}", StringEquals: value });
  const not = (part: Condition): Condition => ({ Not: part });
  const combined: [what: string, condition: Condition, holds: boolean][] = [
    ["And holds when all parts do", { And: [is("a"), not(is("b"))] }, true],
    ["And does not when one does not", { And: [is("a"), is("b")] }, false],
    ["Or holds when one part does", { Or: [is("b"), is("a")] }, true],
    ["Or does not when none does", { Or: [is("b"), is("c")] }, false],
    ["Not turns it round", not(is("b")), true],
    ["they nest", not({ Or: [{ And: [is("a"), is("b")] }, is("c")] }), true],
  ];
  for (const [what, condition, expected] of combined) {
    it(what, () => {
      expect(holds(condition, values({ V: "a" }))).to.equal(expected);
    });
  }

  it("takes a variable without a value for no, as AWS's example with Platform does", () => {
    const condition: Condition = { Variable: "{{ step.Platform }}", StringEquals: "windows" };
    expect(holds(condition, values({}))).to.equal(false);
    expect(holds({ Not: condition }, values({}))).to.equal(true);
  });

  it("compares with a value that is an expression too", () => {
    const condition: Condition = { Variable: "{{ A }}", NumericGreater: "{{ B }}" };
    expect(holds(condition, values({ A: 2, B: 1 }))).to.equal(true);
  });
});
