import { expect } from "chai";
import { checkRoutes } from "../../program/check-routes.js";
import { readNamedQueries } from "../../../queries/loader/named-queries.js";

const problemsOf = async (...routes: object[]) => {
  const { problems, warnings } = await checkRoutes(routes);
  const words = (list: typeof problems) => list.map(({ key, reason }) => `${key}: ${reason}`);
  return { problems: words(problems), warnings: words(warnings) };
};
const at = "fleet:routes[0]";
const rule = (column: string) => ({ column, operator: "equals", value: "x", topic: "ops" });

describe("The queries of routes", () => {
  it("that are right are read, the named ones with every column that they give", async () => {
    const columns: Record<string, string> = {
      "no-answer": "status",
      "errors-of-run": "line",
      differences: "difference",
      "latest-output": "line",
      "output-of-run": "stream",
      "same-answers": "hosts",
    };
    for (const { name, parameters } of readNamedQueries()) {
      const route = {
        query: name,
        parameters: parameters.map(() => "r"),
        rules: [rule(columns[name] ?? "")],
      };
      expect(await problemsOf(route), name).to.deep.equal({ problems: [], warnings: [] });
      const wrong = await problemsOf({ ...route, rules: [rule("nothing")] });
      expect(wrong.problems, name).to.have.length(1);
    }
    const sql = "SELECT o.account, lower(line) AS word, 1 FROM output o WHERE run = 'r'";
    for (const column of ["account", "word", "_col2"])
      expect((await problemsOf({ sql, rules: [rule(column)] })).problems).to.deep.equal([]);
  });

  it("that do not parse are reported with the place", async () => {
    const { problems } = await problemsOf({
      sql: "SELECT line FORM output WHERE run = 'r'",
      rules: [],
    });
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(
      /^fleet:routes\[0\]\.sql: expected a query in Athena's SQL, got a mistake at line 1:\d+: /,
    );
  });

  it("that give no such column are reported with those that they give", async () => {
    const sql =
      "WITH a AS (SELECT account AS x FROM output WHERE run = 'r') SELECT x, count(*) AS n FROM a GROUP BY x";
    expect((await problemsOf({ sql, rules: [rule("account"), rule("n")] })).problems).to.deep.equal(
      [`${at}.rules[0].column: expected a column that the query gives (x, n), got "account"`],
    );
  });

  it("whose columns are behind a star are not judged, which is told", async () => {
    const sql = "SELECT * FROM output WHERE run = 'r'";
    expect(await problemsOf({ sql, rules: [rule("anything"), { topic: "ops" }] })).to.deep.equal({
      problems: [],
      warnings: [
        `${at}.rules[0].column: expected a query that names its columns, got one with *, so nobody has checked whether it gives "anything"; write the columns instead of *`,
      ],
    });
  });

  it("that name no run, or read all of them, are reported", async () => {
    expect(await problemsOf({ sql: "SELECT line FROM output", rules: [] })).to.deep.equal({
      problems: [
        `${at}.sql: expected run = '…' in the WHERE of output, got none, without which Athena refuses the query`,
      ],
      warnings: [],
    });
    expect(await problemsOf({ sql: "SELECT line FROM all_output", rules: [] })).to.deep.equal({
      problems: [],
      warnings: [
        `${at}.sql: expected output with run = '…', got all_output, of which each time everything is read that is kept, until fleet:queryLimitBytes ends it`,
      ],
    });
  });

  it("that are no list are left to the program", async () => {
    for (const routes of [undefined, "x", [1], [{ sql: 1, rules: 2 }]])
      expect(await checkRoutes(routes)).to.deep.equal({ problems: [], warnings: [] });
  });
});
