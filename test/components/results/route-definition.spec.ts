import validate from "asl-validator";
import { expect } from "chai";
import type { RouteRule } from "../../../components/results/route-definition.js";
import { routeDefinition } from "../../../components/results/route-definition.js";
import { readNamedQueries } from "../../../queries/loader/named-queries.js";
import { evaluate } from "../../../rehearsal/cloud/services/step-functions/expressions.js";

const SQL = `-- In quotes: '{% "x" %}'
SELECT ?
WHERE line LIKE '%}\\n%'`;
const QUERY = { sql: SQL, parameters: ["it's"], database: "cf_runs", workgroup: "cf-runs" };

interface Defined {
  readonly States: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const defined = (...rules: RouteRule[]) =>
  routeDefinition("disks", "aws", QUERY, rules, { ops: "arn:ops", all: "arn:all" }) as Defined;

/** The rows that a rule takes of these, by what stands in column `c`. */
async function taken(rule: Omit<RouteRule, "topic" | "column">, cells: (string | undefined)[]) {
  const { Output } = defined({ ...rule, column: "c", topic: "ops" }).States["Match"] ?? {};
  const rows = cells.map((c, n) => ({ n: String(n), ...(c !== undefined && { c }) }));
  const matches = (await evaluate(Output, { states: {}, variables: { rows } })) as {
    message: string;
  }[];
  const [, ...lines] = matches[0]?.message.split("\n\n")[1]?.split(/(?:^|\n)n: /) ?? [];
  return lines.map((line) => cells[Number(line.split(",")[0])]);
}

describe("A route's state machine", () => {
  it("is one for the validator of Amazon States Language", () => {
    for (const partition of ["aws", "aws-cn", "aws-us-gov"] as const) {
      const rules: RouteRule[] = [
        { operator: "always", topic: "all" },
        { column: "c", operator: "equals", value: '"\\{%', topic: "ops" },
      ];
      const definition = routeDefinition("disks", partition, QUERY, rules, { ops: "a", all: "b" });
      const { isValid, errorsText } = validate(definition);
      expect(isValid, isValid ? "" : errorsText("\n")).to.equal(true);
    }
  });

  it("takes each of the named queries", () => {
    for (const query of readNamedQueries()) {
      const rules: RouteRule[] = [{ operator: "always", topic: "all" }];
      const definition = routeDefinition("a", "aws", { ...QUERY, ...query }, rules, { all: "b" });
      const { isValid, errorsText } = validate(definition);
      expect(isValid, isValid ? "" : errorsText("\n")).to.equal(true);
    }
  });

  it("asks its query in the workgroup, with texts as literals of SQL", async () => {
    const { Arguments } = defined({ operator: "always", topic: "ops" }).States["Ask"] ?? {};
    expect(await evaluate(Arguments, { states: {}, variables: {} })).to.deep.equal({
      QueryString: SQL,
      WorkGroup: "cf-runs",
      QueryExecutionContext: { Database: "cf_runs" },
      ExecutionParameters: ["'it''s'"],
    });
  });

  it("catches whatever fails, in every state that calls a service", () => {
    const { States } = defined({ operator: "always", topic: "ops" });
    for (const [name, state] of Object.entries(States)) {
      if (!["Task", "Map"].includes(String(state["Type"]))) continue;
      expect(state["Catch"], name).to.deep.equal([{ ErrorEquals: ["States.ALL"], Next: "Failed" }]);
    }
  });

  const cells = ["9", "91", "-1", "9.5", "nine", "", undefined, 'say "9"'];
  for (const [operator, value, expected] of [
    ["always", undefined, cells],
    ["equals", "9", ["9"]],
    ["differs", "9", ["91", "-1", "9.5", "nine", "", undefined, 'say "9"']],
    ["contains", '"9"', ['say "9"']],
    ["contains", "9", ["9", "91", "9.5", 'say "9"']],
    ["above", "9", ["91", "9.5"]],
    ["below", "9.2", ["9", "-1"]],
  ] as const) {
    it(`takes rows by ${operator}${value === undefined ? "" : ` ${value}`}`, async () => {
      const rule = value === undefined ? { operator } : { operator, value };
      expect(await taken(rule, cells)).to.deep.equal(expected);
    });
  }
});
