import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { shellWord } from "../../lib/shell-word.js";

describe("shellWord", () => {
  for (const text of ["plain", "", "two words", "it's", "''", '$HOME `id` \\ "x" ; *', "a\nb"]) {
    it(`is one word that sh reads as it is: ${JSON.stringify(text)}`, () => {
      const script = `printf '%s|' ${shellWord(text)}`;
      expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).to.equal(`${text}|`);
    });
  }
});
