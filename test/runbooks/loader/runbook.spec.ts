import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  loadCommandDocument,
  loadRunbook,
  parseRunbook,
  RunbookError,
} from "../../../runbooks/loader/runbook.js";

const HEAD = 'schemaVersion: "0.3"\n';

/** A step that nothing is wrong with. */
const api = (name: string, more = "") =>
  `  - name: ${name}\n    action: aws:executeAwsApi\n${more}    inputs: { Service: ec2, Api: Do }\n`;

const steps = (...all: string[]) => `${HEAD}mainSteps:\n${all.join("")}`;

function problems(source: string): string[] {
  try {
    parseRunbook(source, "test.yaml");
    return [];
  } catch (error) {
    if (error instanceof RunbookError)
      return error.message.replace(/^(.*?):\d+:/gm, "$1:").split("\n");
    throw error;
  }
}

describe("parseRunbook", () => {
  it("gives what the document says, and its very bytes", () => {
    const source = `${HEAD}description: D
assumeRole: "{{ Role }}"
parameters:
  Role: { type: String }
variables:
  count: { type: Integer, default: 1 }
mainSteps:
${api("a", "    outputs: [{ Name: Id, Selector: $.Id, Type: String }]\n    onFailure: step:b\n")}${api("b")}outputs: [a.Id]
`;
    const runbook = parseRunbook(source, "test.yaml");
    expect(runbook.source).to.equal(source);
    expect(runbook.description).to.equal("D");
    expect(runbook.assumeRole).to.equal("{{ Role }}");
    expect(runbook.parameters).to.deep.equal({ Role: { type: "String" } });
    expect(runbook.variables).to.deep.equal({ count: { type: "Integer", default: 1 } });
    expect(runbook.outputs).to.deep.equal(["a.Id"]);
    expect(runbook.steps.map(({ name, action }) => `${name} ${action}`)).to.deep.equal([
      "a aws:executeAwsApi",
      "b aws:executeAwsApi",
    ]);
  });

  it("reads JSON as well", () => {
    const document = {
      schemaVersion: "0.3",
      mainSteps: [{ name: "a", action: "aws:sleep", inputs: { Duration: "PT1S" } }],
    };
    expect(parseRunbook(JSON.stringify(document), "test.json").steps).to.have.lengthOf(1);
  });

  const cases: [what: string, source: string, ...problems: string[]][] = [
    [
      "text that is no YAML",
      "a: [",
      "Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["an empty file", "", "expected object, got null"],
    [
      "another schema version",
      'schemaVersion: "2.2"\nmainSteps: [{ name: a, action: aws:pause, inputs: {} }]',
      'schemaVersion: expected 0.3; got "2.2"',
    ],
    [
      "no steps",
      `${HEAD}mainSteps: []`,
      "mainSteps: Too small: expected array to have >=1 items, got []",
    ],
    [
      "a property that there is not",
      `${HEAD}main: 1\nmainSteps: [{ name: a, action: aws:pause, inputs: {} }]`,
      "there is no property main here",
    ],
    [
      "an unknown action",
      steps(api("a").replace("aws:executeAwsApi", "aws:executeApi")),
      'mainSteps[0].action: expected an action of Automation, got "aws:executeApi"',
    ],
    [
      "an input that is missing",
      steps(api("a").replace(", Api: Do", "")),
      "mainSteps[0].inputs.Api: expected a text, got nothing",
    ],
    [
      "a step property that there is not",
      steps(api("a", "    onFail: Abort\n")),
      "mainSteps[0]: there is no property onFail here",
    ],
    [
      "an onFailure that there is not",
      steps(api("a", "    onFailure: Retry\n")),
      'mainSteps[0].onFailure: expected Abort, Continue or step:<name>, got "Retry"',
    ],
    [
      "attempts that are no number",
      steps(api("a", "    maxAttempts: many\n")),
      'mainSteps[0].maxAttempts: expected a whole number from 1 or an expression, got "many"',
    ],
    [
      "a name with other characters",
      steps(api("a-b")),
      'mainSteps[0].name: expected a name of letters, digits and _, got "a-b"',
    ],
    [
      "an output of an unknown type",
      steps(api("a", "    outputs: [{ Name: x, Selector: $.x, Type: Float }]\n")),
      'mainSteps[0].outputs[0].Type: expected String, StringList, Integer, Boolean, MapList, StringMap; got "Float"',
    ],
    [
      "a selector that is no JSONPath",
      steps(api("a", "    outputs: [{ Name: x, Selector: x, Type: String }]\n")),
      'mainSteps[0].outputs[0].Selector: expected a JSONPath from the response, such as $.InstanceId, got "x"',
    ],
    [
      "two steps of one name",
      steps(api("a"), api("a")),
      "mainSteps[1].name: two steps are called a",
    ],
    [
      "a nextStep that there is not",
      steps(api("a", "    nextStep: c\n"), api("b")),
      "mainSteps[0].nextStep: expected one of the steps a, b, got c",
      "mainSteps[1]: no step leads to b",
    ],
    [
      "an onFailure step that there is not",
      steps(api("a", "    onFailure: step:c\n")),
      "mainSteps[0].onFailure: expected one of the steps a, got c",
    ],
    [
      "a branch to a step that there is not",
      steps(
        '  - { name: a, action: aws:branch, inputs: { Choices: [{ NextStep: b, Variable: "{{ global:REGION }}", StringEquals: x }], Default: c } }\n',
      ),
      "mainSteps[0].inputs.Choices[0].NextStep: expected one of the steps a, got b",
      "mainSteps[0].inputs.Default: expected one of the steps a, got c",
    ],
    [
      "steps that go in a circle",
      steps(api("a"), api("b"), api("c", "    onFailure: step:a\n")),
      "mainSteps: the steps go in a circle: a -> b -> c -> a (AWS refuses it; use aws:loop)",
    ],
    [
      "a step that nothing leads to",
      steps(api("a", "    isEnd: true\n"), api("b")),
      "mainSteps[1]: no step leads to b",
    ],
    [
      "a reference to a parameter that there is not",
      steps(api("a").replace("Do }", 'Do, X: "{{ P }}" }')),
      "mainSteps[0].inputs.X: {{ P }} refers to no parameter: there is none",
    ],
    [
      "a reference inside a script",
      steps(
        "  - { name: a, action: aws:executeScript, inputs: { Runtime: python3.11, Handler: h, Script: \"x = '{{ P }}'\" } }\n",
      ),
      "mainSteps[0].inputs.Script: {{ P }} refers to no parameter: there is none",
    ],
    [
      "a reference to a step that there is not",
      steps(api("a"), api("b").replace("Do }", 'Do, X: "{{ c.Id }}" }')),
      "mainSteps[1].inputs.X: {{ c.Id }} refers to no step that can have run before: there are a",
    ],
    [
      "a reference to a step that comes later",
      steps(
        api("a").replace("Do }", 'Do, X: "{{ b.Id }}" }'),
        api("b", "    outputs: [{ Name: Id, Selector: $.Id, Type: String }]\n"),
      ),
      "mainSteps[0].inputs.X: {{ b.Id }} refers to no step that can have run before: there is none",
    ],
    [
      "a reference to an output that there is not",
      steps(
        api("a", "    outputs: [{ Name: Id, Selector: $.Id, Type: String }]\n"),
        api("b").replace("Do }", 'Do, X: "{{ a.Name }}" }'),
      ),
      "mainSteps[1].inputs.X: {{ a.Name }} refers to no output of a: it has Id",
    ],
    [
      "a reference to a variable that there is not",
      steps(api("a").replace("Do }", 'Do, X: "{{ variable:n }}" }')),
      "mainSteps[0].inputs.X: {{ variable:n }} refers to no variable: there is none",
    ],
    [
      "a global variable that there is not",
      steps(api("a").replace("Do }", 'Do, X: "{{ global:TIME }}" }')),
      "mainSteps[0].inputs.X: {{ global:TIME }} refers to no global variable: there are ACCOUNT_ID, AWS_PARTITION, DATE, DATE_TIME, REGION",
    ],
    [
      "a Parameter Store reference outside of a default",
      steps(api("a").replace("Do }", 'Do, X: "{{ssm:name}}" }')),
      "mainSteps[0].inputs.X: {{ ssm:name }} is allowed as a parameter's default only",
    ],
    [
      "an output of the runbook that there is not",
      `${steps(api("a"))}outputs: [b.Id]`,
      'outputs[0]: expected <step>.<output> of a step, got "b.Id"',
    ],
    [
      "an assumeRole without its parameter",
      `${HEAD}assumeRole: "{{ Role }}"\nmainSteps:\n${api("a")}`,
      "assumeRole: {{ Role }} refers to no parameter",
    ],
    [
      "a parameter that nothing uses",
      `${HEAD}parameters: { P: { type: String } }\nmainSteps:\n${api("a")}`,
      "parameters.P: nothing refers to it: use it or remove it",
    ],
    [
      "a default of another type",
      `${HEAD}parameters: { P: { type: Integer, default: "1" } }\nmainSteps:\n${api("a").replace("Do }", 'Do, X: "{{ P }}" }')}`,
      'parameters.P.default: expected a whole number, got "1"',
    ],
    [
      "a pattern that is none",
      `${HEAD}parameters: { P: { type: String, allowedPattern: "[" } }\nmainSteps:\n${api("a").replace("Do }", 'Do, X: "{{ P }}" }')}`,
      'parameters.P.allowedPattern: expected a regular expression, got "["',
    ],
    [
      "an operator that there is not",
      steps(
        '  - { name: a, action: aws:branch, inputs: { Choices: [{ NextStep: b, Variable: "{{ global:REGION }}", StringIs: x }] } }\n',
        api("b"),
      ),
      "mainSteps[0].inputs.Choices[0]: there is no property StringIs here",
      "mainSteps[0].inputs.Choices[0]: expected one of StringEquals, EqualsIgnoreCase, StartsWith, EndsWith, Contains, NumericEquals, NumericGreater, NumericLesser, NumericGreaterOrEquals, NumericLesserOrEquals, BooleanEquals, And, Or, Not; got none",
    ],
    [
      "two operators at once",
      steps(
        '  - { name: a, action: aws:branch, inputs: { Choices: [{ NextStep: b, Variable: "{{ global:REGION }}", StringEquals: x, Contains: y }] } }\n',
        api("b"),
      ),
      "mainSteps[0].inputs.Choices[0]: expected one of StringEquals, EqualsIgnoreCase, StartsWith, EndsWith, Contains, NumericEquals, NumericGreater, NumericLesser, NumericGreaterOrEquals, NumericLesserOrEquals, BooleanEquals, And, Or, Not; got StringEquals and Contains",
    ],
    [
      "a comparison without a variable",
      steps(
        "  - { name: a, action: aws:branch, inputs: { Choices: [{ NextStep: b, Not: { StringEquals: x } }] } }\n",
        api("b"),
      ),
      "mainSteps[0].inputs.Choices[0].Not: expected a Variable for StringEquals to look at",
    ],
    [
      "a loop over nothing",
      steps(
        `  - name: l\n    action: aws:loop\n    inputs:\n      Steps:\n${api("i").replace(/^/gm, "      ")}\n`,
      ),
      "mainSteps[0].inputs: expected either Iterators or LoopCondition",
    ],
    [
      "a mistake inside a loop",
      steps(
        `  - name: l\n    action: aws:loop\n    inputs:\n      Iterators: [a]\n      Steps:\n${api("i", "    nextStep: z\n").replace(/^/gm, "      ")}\n`,
      ),
      "mainSteps[0].inputs.Steps[0].nextStep: expected one of the steps i, got z",
    ],
    [
      "a look into a loop from outside",
      steps(
        `  - name: l\n    action: aws:loop\n    inputs:\n      Iterators: [a]\n      Steps:\n${api("i").replace(/^/gm, "      ")}\n`,
        api("b").replace("Do }", 'Do, X: "{{ i.OutputPayload }}" }'),
      ),
      "mainSteps[1].inputs.X: {{ i.OutputPayload }} refers to no step that can have run before: there are l",
    ],
    [
      "a runtime that AWS has not any more",
      steps(
        "  - { name: a, action: aws:executeScript, inputs: { Runtime: python3.8, Handler: h, Script: x } }\n",
      ),
      'mainSteps[0].inputs.Runtime: expected python3.10, python3.11, PowerShell 7.4; got "python3.8"',
    ],
    [
      "a value that YAML 1.1 reads otherwise",
      steps(api("a").replace("Do }", "Do, Answer: no }")),
      "mainSteps[0].inputs.Answer: reads differently in YAML 1.1 and 1.2: quote it",
    ],
    [
      "more than 64 KB",
      `${steps(api("a"))}# ${"x".repeat(65_536)}`,
      "expected at most 65536 bytes, got 65650",
    ],
  ];
  for (const [what, source, ...expected] of cases) {
    it(`refuses ${what}`, () => {
      expect(problems(source)).to.deep.equal(expected.map((text) => `test.yaml: ${text}`));
    });
  }

  it("says all problems at once", () => {
    const source = steps(
      api("a", "    maxAttempts: 0\n"),
      api("b").replace("Service: ec2", "Service: ''"),
    );
    expect(problems(source)).to.have.lengthOf(2);
  });

  it("lets a loop's steps see the loop, its outer steps and, in the condition, each other", () => {
    const inner = `        - name: i
          action: aws:executeAwsApi
          inputs: { Service: ec2, Api: Do, A: "{{ a.Id }}", Count: "{{ l.CurrentIteration }}" }
          outputs: [{ Name: More, Selector: $.More, Type: Boolean }]
`;
    const source = steps(
      api("a", "    outputs: [{ Name: Id, Selector: $.Id, Type: String }]\n"),
      `  - name: l\n    action: aws:loop\n    inputs:\n      LoopCondition: { Variable: "{{ i.More }}", BooleanEquals: true }\n      Steps:\n${inner}`,
    );
    expect(problems(source)).to.deep.equal([]);
  });

  it("accepts AWS's other actions, whose outputs it does not know", () => {
    const source = steps(
      "  - { name: p, action: aws:invokeLambdaFunction, inputs: { FunctionName: x } }\n",
      api("a").replace("Do }", 'Do, X: "{{ p.Payload }}" }'),
    );
    expect(problems(source)).to.deep.equal([]);
  });

  it("knows the outputs of a started runbook", () => {
    const source = (output: string) =>
      steps(
        "  - { name: p, action: aws:executeAutomation, inputs: { DocumentName: x } }\n",
        api("a").replace("Do }", `Do, X: "{{ p.${output} }}" }`),
      );
    expect(problems(source("ExecutionId"))).to.deep.equal([]);
    expect(problems(source("Payload"))).to.have.lengthOf(1);
  });
});

describe("loadRunbook", () => {
  it("reads a file and names it in problems", () => {
    const folder = mkdtempSync(join(tmpdir(), "runbook-"));
    try {
      const file = join(folder, "stop-host.yaml");
      writeFileSync(file, steps(api("a").replace(", Api: Do", "")));
      expect(() => loadRunbook(file)).to.throw(
        RunbookError,
        `${file}:5: mainSteps[0].inputs.Api: expected a text, got nothing`,
      );
      writeFileSync(file, steps(api("a").replace("    action", "     action")));
      expect(() => loadRunbook(file)).to.throw(RunbookError, `${file}:3: Nested mappings are not`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("loadCommandDocument", () => {
  it("gives the file's bytes, and names file and line of what is wrong", () => {
    const path = "runbooks/ec2-bootstrap-rename.yaml";
    const source = readFileSync(path, "utf8");
    expect(loadCommandDocument(path)).to.equal(source);
    const folder = mkdtempSync(join(tmpdir(), "command-"));
    const file = join(folder, "rename.yaml");
    const lineOf = (text: string) => source.slice(0, source.indexOf(text)).split("\n").length;
    const action = "action: aws:runPowerShellScript";
    try {
      for (const [from, to, line, words] of [
        ["mainSteps:", "mainStep:", 1, "mainSteps: expected array, got nothing"],
        ["mainSteps:", "   mainSteps:", lineOf("mainSteps:"), "All mapping items must start"],
        [action, `${action}s`, lineOf(action), "mainSteps[1].action: expected aws:runShellScript"],
      ] as const) {
        writeFileSync(file, source.replace(from, to));
        expect(() => loadCommandDocument(file)).to.throw(RunbookError, `${file}:${line}: ${words}`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
