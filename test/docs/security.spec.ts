import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { sources } from "../support/sources.js";
import { codeIn, page, tableRows } from "./pages.js";
import { starredStatements } from "./stars.js";

/** Every `Sid` in components/, with the actions of its statement. */
const statements = sources("components").flatMap((file) => {
  const source = fs.readFileSync(path.join("components", file), "utf8");
  return [...source.matchAll(/Sid: "(\w+)",([^]*?)\n\}\)/g)].map(([, sid = "", body = ""]) => {
    const [, list = ""] = /Action: (\[[^\]]*\]|"[^"]*")/.exec(body) ?? [];
    return { sid, actions: [...list.matchAll(/"([^"]+)"/g)].map(([, action = ""]) => action) };
  });
});

describe("docs/security.md", () => {
  const security = page("docs/security.md");
  const sidsOf = (cell = "") => codeIn(cell).filter((code) => /^[A-Z]\w+$/.test(code));
  const rows = tableRows(security).filter(([first]) => sidsOf(first).length > 0);
  const documented = rows.flatMap(([first]) => sidsOf(first));

  it("finds statements to look for", () => {
    const count = sources("components")
      .map((file) => fs.readFileSync(path.join("components", file), "utf8"))
      .flatMap((source) => source.match(/\bSid: "/g) ?? []).length;
    expect(statements).to.have.length(count);
    expect(count).to.be.greaterThan(15);
  });

  it("has every statement of the components by its Sid, and no other", () => {
    const sids = statements.map(({ sid }) => sid);
    expect([...new Set(documented)].sort()).to.deep.equal([...new Set(sids)].sort());
  });

  for (const { sid, actions } of statements) {
    it(`names every action of ${sid}`, () => {
      const text = rows
        .filter(([first]) => sidsOf(first).includes(sid))
        .flat()
        .join(" ");
      expect(codeIn(text)).to.include.members(actions);
    });
  }

  it("defends every * in the principal, the actions or the resources of a statement, and no other", async () => {
    const starred = await starredStatements();
    const sids = new Set(statements.map(({ sid }) => sid));
    expect([...starred.keys()].sort(), "the stacks use every statement").to.deep.equal(
      [...sids].sort(),
    );
    const defended = tableRows(security, "Every `*`").map(
      ([first, stars]) => [sidsOf(first).join(), codeIn(stars ?? "").sort()] as const,
    );
    const found = [...starred].flatMap(([sid, elements]) =>
      elements.size > 0 ? [[sid, [...elements].sort()] as const] : [],
    );
    expect(Object.fromEntries(defended)).to.deep.equal(Object.fromEntries(found));
  });
});
