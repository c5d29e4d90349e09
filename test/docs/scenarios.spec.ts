import * as fs from "node:fs";
import { expect } from "chai";
import * as ts from "typescript";
import { page, codeIn, tableRows } from "./pages.js";

/** The files that the schema is written in; the last of them has the whole. */
const FILES = [
  "setup/organization",
  "setup/members",
  "schema/run-schema",
  "schema/fault-schema",
  "schema/scenario",
];

/** The constants of a file. */
function constantsIn(name: string): [string, ts.Expression][] {
  const file = `rehearsal/scenario/${name}.ts`;
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.filter(ts.isVariableStatement).flatMap((statement) =>
    statement.declarationList.declarations.flatMap((declared): [string, ts.Expression][] => {
      const { initializer, name: constant } = declared;
      return ts.isIdentifier(constant) && initializer ? [[constant.text, initializer]] : [];
    }),
  );
}

/** The keys of the schema in rehearsal/scenario: `given.hosts.<>.agent`, `when[].launch.name`. */
function schemaKeys(): string[] {
  const constants = new Map(FILES.flatMap(constantsIn));
  const keysOf = (schema: ts.Expression | undefined, at: string): string[] => {
    if (schema === undefined) return [];
    if (ts.isIdentifier(schema)) return keysOf(constants.get(schema.text), at);
    if (!ts.isCallExpression(schema) || !ts.isPropertyAccessExpression(schema.expression))
      return [];
    const { expression: subject, name } = schema.expression;
    const [first, second] = schema.arguments;
    // `x.optional()`, `x.default(…)`: what matters is x.
    if (!ts.isIdentifier(subject) || subject.text !== "z") return keysOf(subject, at);
    if (name.text === "array") return keysOf(first, `${at}[]`);
    if (name.text === "record") return keysOf(second, `${at}.<>`);
    if (name.text === "union" && first && ts.isArrayLiteralExpression(first)) {
      return first.elements.flatMap((element) => keysOf(element, at));
    }
    if (name.text !== "strictObject" || !first || !ts.isObjectLiteralExpression(first)) return [];
    return first.properties.flatMap((property) => {
      if (ts.isShorthandPropertyAssignment(property)) {
        const key = `${at}.${property.name.text}`;
        return [key, ...keysOf(property.name, key)];
      }
      if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) return [];
      const key = `${at}.${property.name.text}`;
      return [key, ...keysOf(property.initializer, key)];
    });
  };
  return keysOf(constants.get("scenario"), "").map((key) => key.slice(1));
}

describe("docs/scenarios.md", () => {
  const keys = [...new Set(schemaKeys())];
  const documented = tableRows(page("docs/scenarios.md"))
    .flatMap(([key = ""]) => codeIn(key))
    .map((key) => key.replace(/<[^>]*>/g, "<>"));

  it("finds the keys of the schema", () => {
    expect(keys).to.include.members([
      "name",
      "given.hosts.<>.agent",
      "when[].launch.like",
      "when[].fault.unshare.from",
      "then.hosts.<>.commands[].json",
      "then.denied[].missing",
    ]);
  });

  it("has every key of the schema, and no other", () => {
    expect(documented.sort()).to.deep.equal(keys.sort());
  });

  it("has each key once", () => {
    expect(documented.filter((key, index) => documented.indexOf(key) !== index)).to.deep.equal([]);
  });
});
