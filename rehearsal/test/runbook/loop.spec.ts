import { expect } from "chai";
import { play, refused, runbookWith, trail } from "./support.js";

describe("aws:loop", () => {
  const loop = (inputs: string, inner: string, more = "") =>
    runbookWith(
      `  - name: l\n    action: aws:loop\n${more}    inputs:\n${inputs}      Steps:\n        - name: i\n          action: aws:executeAwsApi\n${inner}          inputs: { Service: ec2, Api: Do, Item: "{{ l.CurrentIteratorValue }}", N: "{{ l.CurrentIteration }}" }\n  - { name: z, action: aws:sleep, inputs: { Duration: PT1S } }\n`,
    );
  const failsFor = (item: string) => ({
    "ec2:Do": ({ Item }: Record<string, unknown>) =>
      Item === item ? refused("Broken", "b is bad") : {},
  });

  it("runs its steps for each item, with the item as text", async () => {
    const source = loop("      Iterators: [1, 2]\n      IteratorDataType: Integer\n", "");
    const played = await play(source, { apis: { "ec2:Do": () => ({}) } });
    expect(played.inputs).to.deep.equal([
      { Item: "1", N: 1 },
      { Item: "2", N: 2 },
    ]);
    const inner = played.execution.steps.filter(({ name }) => name === "i");
    expect(
      inner.map(({ parent }) => [parent?.step.name, parent?.iteration, parent?.iteratorValue]),
    ).to.deep.equal([
      ["l", 1, "1"],
      ["l", 2, "2"],
    ]);
  });

  const cases: [what: string, inner: string, more: string, trail: string[], status: string][] = [
    [
      "goes on after a step that may fail",
      "          onFailure: Continue\n",
      "",
      ["l: Success", "i: Success", "i: Failed", "i: Success", "z: Success"],
      "Success",
    ],
    ["fails with a step that may not", "", "", ["l: Failed", "i: Success", "i: Failed"], "Failed"],
    [
      "goes where its own onFailure says, where the step says nothing",
      "",
      "    onFailure: Continue\n",
      ["l: Failed", "i: Success", "i: Failed", "z: Success"],
      "Success",
    ],
    [
      "takes over Abort from the step",
      "          onFailure: Abort\n",
      "    onFailure: Continue\n",
      ["l: Failed", "i: Success", "i: Failed"],
      "Failed",
    ],
  ];
  for (const [what, inner, more, expected, status] of cases) {
    it(what, async () => {
      const played = await play(loop("      Iterators: [a, b, c]\n", inner, more), {
        apis: failsFor("b"),
      });
      expect(trail(played)).to.deep.equal(expected);
      expect(played.execution.status).to.equal(status);
    });
  }

  it("says which iteration failed, and why", async () => {
    const { execution } = await play(loop("      Iterators: [a, b]\n", ""), {
      apis: failsFor("b"),
    });
    expect(execution.reason).to.equal(
      "Step i of iteration 2 (b) ended Failed: An error occurred (Broken) when calling the Do operation: b is bad",
    );
  });

  it("repeats while its condition holds, and no more often than MaxIterations", async () => {
    const source = (most: number) =>
      runbookWith(
        `  - name: l\n    action: aws:loop\n    inputs:\n      MaxIterations: ${most}\n      LoopCondition: { Variable: "{{ i.More }}", BooleanEquals: true }\n      Steps:\n        - name: i\n          action: aws:executeAwsApi\n          inputs: { Service: ec2, Api: Do, N: "{{ l.CurrentIteration }}" }\n          outputs: [{ Name: More, Selector: $.More, Type: Boolean }]\n`,
      );
    const apis = { "ec2:Do": ({ N }: Record<string, unknown>) => ({ More: Number(N) < 3 }) };
    expect((await play(source(10), { apis })).calls).to.have.lengthOf(3);
    expect((await play(source(2), { apis })).calls).to.have.lengthOf(2);
  });

  it("takes at most 100 items, of their declared type", async () => {
    const parameters = { Items: Array.from({ length: 101 }, (_, i) => `n${i}`) };
    const head = "parameters: { Items: { type: StringList } }\n";
    const text = loop('      Iterators: "{{ Items }}"\n', "").replace(
      "mainSteps:",
      `${head}mainSteps:`,
    );
    expect((await play(text, { parameters })).execution.reason).to.contain(
      "at most 100 items, got 101",
    );
    const wrong = await play(loop("      Iterators: [a, 1]\n", ""));
    expect(wrong.execution.reason).to.equal("Iterators has items of type String, got 1");
  });
});
