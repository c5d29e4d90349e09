import { expect } from "chai";
import type { Json } from "../../../runbooks/loader/step.js";
import { operationNamed } from "../../runbook/api-names.js";
import { select, selectOutputs } from "../../runbook/selection.js";
import { Values } from "../../runbook/values.js";
import { play, runbookWith } from "./support.js";

function values(): Values {
  const parameters = { Name: "x", Ids: ["a", "b"], Count: 2, On: true, Map: { k: "v" } };
  const all = new Values(parameters, new Map<string, Json>([["v", "var"]]), (name) =>
    name === "global:REGION" ? "eu-central-1" : undefined,
  );
  all.setOutputs("step", { Id: "i-1", List: [1, 2] });
  return all;
}

describe("Values", () => {
  const cases: [value: Json, resolved: Json][] = [
    ["plain", "plain"],
    ["{{ Name }}", "x"],
    ["{{Name}}", "x"],
    ["{{ Count }}", 2],
    ["{{ On }}", true],
    ["{{ Ids }}", ["a", "b"]],
    ["{{ Map }}", { k: "v" }],
    ["{{ step.Id }}", "i-1"],
    ["{{ variable:v }}", "var"],
    ["{{ global:REGION }}", "eu-central-1"],
    ["a-{{ Name }}-{{ Count }}-{{ On }}", "a-x-2-true"],
    ["ids {{ Ids }}", 'ids ["a","b"]'],
    [
      ["{{ Ids }}", "c"],
      ["a", "b", "c"],
    ],
    [[["{{ Ids }}"]], [["a", "b"]]],
    [{ deep: [{ er: "{{ Name }}" }] }, { deep: [{ er: "x" }] }],
    ["{{ no reference }}", "{{ no reference }}"],
  ];
  for (const [value, resolved] of cases) {
    it(`makes ${JSON.stringify(resolved)} of ${JSON.stringify(value)}`, () => {
      expect(values().resolve(value)).to.deep.equal(resolved);
    });
  }

  for (const unknown of [
    "{{ Other }}",
    "{{ step.Other }}",
    "{{ variable:w }}",
    "x {{ late.Id }}",
  ]) {
    it(`fails for ${unknown}, which has no value`, () => {
      expect(() => values().resolve(unknown)).to.throw(/has no value/);
    });
  }

  it("keeps what a loop's steps give inside the loop", () => {
    const outer = values();
    const inner = outer.inside();
    inner.setOutputs("i", { X: 1 });
    expect(inner.resolve("{{ i.X }} {{ step.Id }}")).to.equal("1 i-1");
    expect(outer.resolveIfKnown("{{ i.X }}")).to.equal(undefined);
  });

  it("gives the time at which it is used", async () => {
    const source = runbookWith(
      [
        "  - { name: s, action: aws:sleep, inputs: { Duration: P1D } }",
        '  - { name: a, action: aws:executeAwsApi, inputs: { Service: ec2, Api: Do, At: "{{ global:DATE_TIME }} {{ global:DATE }} {{ global:ACCOUNT_ID }} {{ global:AWS_PARTITION }} {{ automation:EXECUTION_ID }}" } }',
        "",
      ].join("\n"),
    );
    const { inputs } = await play(source, { apis: { "ec2:Do": () => ({}) } });
    expect(inputs).to.deep.equal([
      {
        At: "2026-01-06_08.00.00 2026-01-06 111122223333 aws 00000000-0000-4000-8000-000000000001",
      },
    ]);
  });
});

describe("select", () => {
  const response = {
    Reservations: [
      {
        Instances: [
          { Id: "a", State: { Code: 16 } },
          { Id: "b", State: { Code: 80 } },
        ],
      },
      { Instances: [{ Id: "c", State: { Code: 0 } }] },
    ],
  };
  const cases: [path: string, selected: Json | undefined][] = [
    ["$.Reservations[0].Instances[1].Id", "b"],
    ["$.Reservations[0].Instances[0].State", { Code: 16 }],
    ["$.Reservations..Id", ["a", "b", "c"]],
    ["$.Reservations[*].Instances[*].State.Code", [16, 80, 0]],
    ["$.Reservations[7].Instances[0].Id", undefined],
    ["$.Nothing", undefined],
    ["$..Nothing", []],
    ["$", response],
  ];
  for (const [path, selected] of cases) {
    it(`${path} selects ${JSON.stringify(selected)?.slice(0, 40) ?? "nothing"}`, () => {
      expect(select(path, response)).to.deep.equal(selected);
    });
  }

  it("holds declared types, and leaves out what is not there", () => {
    const declared = [
      { Name: "Ids", Selector: "$.Reservations..Id", Type: "StringList" as const },
      { Name: "None", Selector: "$.Nothing", Type: "String" as const },
    ];
    expect(selectOutputs(declared, response)).to.deep.equal({ Ids: ["a", "b", "c"] });
    const wrong = [
      {
        Name: "Code",
        Selector: "$.Reservations[0].Instances[0].State.Code",
        Type: "String" as const,
      },
    ];
    expect(() => selectOutputs(wrong, response)).to.throw(
      "Output Code is declared as String, but $.Reservations[0].Instances[0].State.Code selects 16",
    );
  });
});

describe("operationNamed", () => {
  const known = ["DescribeInstances", "DescribeDBInstances"];
  const cases: [name: string, operation: string][] = [
    ["DescribeInstances", "DescribeInstances"],
    ["describe_instances", "DescribeInstances"],
    ["describeInstances", "DescribeInstances"],
    ["describe_db_instances", "DescribeDBInstances"],
    ["send_command", "SendCommand"],
  ];
  for (const [name, operation] of cases) {
    it(`${name} is ${operation}`, () => expect(operationNamed(name, known)).to.equal(operation));
  }
});
