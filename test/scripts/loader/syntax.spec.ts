import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { syntaxMistake } from "../../../scripts/loader/syntax.js";

const SCRIPTS = join(__dirname, "..", "..", "..", "scripts");

describe("syntaxMistake", function () {
  this.timeout(60_000);
  const mistakes: readonly (readonly [
    "linux" | "windows",
    text: string,
    at: string,
    says: string,
  ])[] = [
    ["linux", "#!/bin/sh\nif true; then\n  echo\n", "2:1", "`if` statement must end with `fi`"],
    ["linux", "echo 'open\n", "1:6", "reached EOF without closing quote `'`"],
    [
      "linux",
      "#!/usr/bin/env bash\necho )\n",
      "2:6",
      "a command can only contain words and redirects; encountered `)`",
    ],
    ["linux", "done\n", "1:1", "`done` can only be used to end a loop"],
    ["windows", "if ($a) {\n", "1:9", "Missing closing '}' in statement block or type definition."],
  ];
  for (const [platform, text, at, says] of mistakes) {
    it(`finds where ${JSON.stringify(text)} goes wrong`, async () => {
      const found = await syntaxMistake(platform, text);
      expect([[found?.line, found?.column].join(":"), found?.message]).to.deep.equal([at, says]);
    });
  }

  it("reads what bash takes", async () => {
    const text =
      "a=(1 2)\n[[ $a == b* ]] && echo $((1 + 2))\nfor ((i = 0; i < 3; i++)); do echo $i; done\n" +
      "cat <<'E'\nit's\nE\ncase $a in a) echo ;; esac\ncat < <(ls)\n";
    expect(await syntaxMistake("linux", text)).to.equal(undefined);
  });

  it("says nothing of other interpreters' scripts", async () => {
    expect(await syntaxMistake("linux", "#!/usr/bin/python3\nprint('it', end='')\n")).to.equal(
      undefined,
    );
    expect(
      await syntaxMistake("linux", "#!/usr/bin/env python3\nif True:\n  print(')')\n"),
    ).to.equal(undefined);
  });

  for (const file of readdirSync(SCRIPTS).filter((name) => /\.(sh|ps1)$/.test(name))) {
    it(`reads the library's ${file}`, async () => {
      const platform = file.endsWith(".sh") ? "linux" : "windows";
      const found = await syntaxMistake(platform, readFileSync(join(SCRIPTS, file), "utf8"));
      expect(found).to.equal(undefined);
    });
  }
});
