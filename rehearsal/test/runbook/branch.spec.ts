import { expect } from "chai";
import { play, runbookWith, trail } from "./support.js";

describe("aws:branch", () => {
  const source = (more: string) =>
    runbookWith(
      `  - name: b\n    action: aws:branch\n${more}    inputs:\n      Choices: [{ NextStep: chosen, Variable: "{{ Word }}", StringEquals: yes }]\n  - { name: next, action: aws:sleep, inputs: { Duration: PT1S }, isEnd: true }\n  - { name: chosen, action: aws:sleep, inputs: { Duration: PT1S } }\n  - { name: other, action: aws:sleep, inputs: { Duration: PT1S } }\n`,
      "parameters: { Word: { type: String } }\n",
    );
  const cases: [what: string, word: string, more: string, trail: string[]][] = [
    [
      "goes to the choice that fits",
      "yes",
      "",
      ["b: Success", "chosen: Success", "other: Success"],
    ],
    [
      "goes to the choice that fits although isEnd is set",
      "yes",
      "    isEnd: true\n",
      ["b: Success", "chosen: Success", "other: Success"],
    ],
    ["goes on with the next step where none fits", "no", "", ["b: Success", "next: Success"]],
    ["ends with isEnd where none fits", "no", "    isEnd: true\n", ["b: Success"]],
  ];
  for (const [what, word, more, expected] of cases) {
    it(what, async () => {
      const played = await play(source(more), { parameters: { Word: word } });
      expect(trail(played)).to.deep.equal(expected);
    });
  }

  it("goes to Default where none fits", async () => {
    const text = source("").replace(
      "StringEquals: yes }]",
      "StringEquals: yes }]\n      Default: other",
    );
    expect(trail(await play(text, { parameters: { Word: "no" } }))).to.deep.equal([
      "b: Success",
      "other: Success",
    ]);
  });
});
