// Finds queries that cannot be valid SQL. The rehearsal reads it by Trino's grammar, which no deployment needs.
import { questionMarks } from "../../queries/loader/named-queries.js";

/** Comments, texts and quoted names: what is in them is not the query's own. */
const opaque = /--.*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g;

/** @param parameters how many the route has */
export function sqlProblem(
  sql: string,
  parameters: number,
): { readonly field: string; readonly reason: string } | undefined {
  const bare = sql.replace(opaque, " ").trim().replace(/;$/, "");
  const say = (reason: string) => ({ field: "sql", reason });
  if (/['"]|\/\*/.test(bare)) {
    const [open = ""] = /['"]|\/\*/.exec(bare) ?? [];
    return say(`expected a query, got one in which ${open} is opened and not closed`);
  }
  const [first = ""] = /^\(*\s*\w*/.exec(bare) ?? [];
  if (!/^\(*\s*(SELECT|WITH|VALUES|TABLE)$/i.test(first))
    return say(`expected a query, which begins with SELECT or WITH, got "${first.trim()}"`);
  if (bare.includes(";")) return say("expected one query, got a second one after ;");
  const [opened = 0, closed = 0] = ["(", ")"].map((bracket) => bare.split(bracket).length - 1);
  if (opened !== closed)
    return say(`expected as many ) as (, got ${opened} of ( and ${closed} of )`);
  const wanted = questionMarks(sql);
  if (wanted === parameters) return undefined;
  return {
    field: "parameters",
    reason: `expected ${wanted}, one for each ? of the query, got ${parameters}`,
  };
}
