import { expect } from "chai";
import { automationDocumentProblems, schemaProblems } from "../../runbook/schema.js";

const document = (step: object, more: object = {}) => ({
  schemaVersion: "0.3",
  mainSteps: [{ name: "a", ...step }],
  ...more,
});
const accepts = (value: object) => expect(schemaProblems(value)).to.deep.equal([]);

describe("AWS's schema of Automation documents", () => {
  describe("is extended by", () => {
    const api = { action: "aws:executeAwsApi", inputs: { Service: "ec2", Api: "Do" } };
    const condition = { Variable: "{{ x }}", StringEquals: "y" };
    const additions: [what: string, value: object][] = [
      [
        "aws:loop over items",
        document({
          action: "aws:loop",
          inputs: { Iterators: ["a"], Steps: [{ name: "i", ...api }] },
        }),
      ],
      [
        "aws:loop with a condition",
        document({
          action: "aws:loop",
          inputs: { LoopCondition: condition, MaxIterations: 3, Steps: [{ name: "i", ...api }] },
        }),
      ],
      [
        "aws:updateVariable",
        document({ action: "aws:updateVariable", inputs: { Name: "variable:x", Value: [1] } }),
      ],
      ["variables", document(api, { variables: { x: { type: "Integer", default: 1 } } })],
      ["picker types", document(api, { parameters: { P: { type: "AWS::EC2::Instance::Id" } } })],
      [
        "lists of picker types",
        document(api, { parameters: { P: { type: "List<AWS::IAM::Role::Arn>" } } }),
      ],
      ["onCancel", document({ ...api, onCancel: "step:b" })],
      ["python3.10", document({ action: "aws:executeScript", inputs: { Runtime: "python3.10" } })],
      ["python3.11", document({ action: "aws:executeScript", inputs: { Runtime: "python3.11" } })],
      [
        "PowerShell 7.4",
        document({ action: "aws:executeScript", inputs: { Runtime: "PowerShell 7.4" } }),
      ],
      [
        "Timestamp of aws:sleep",
        document({ action: "aws:sleep", inputs: { Timestamp: "2026-01-01T00:00:00Z" } }),
      ],
      [
        "choices as the User Guide writes them",
        document({
          action: "aws:branch",
          inputs: {
            Choices: [
              { ...condition, NextStep: "b" },
              { And: [condition, { Not: condition }], NextStep: "b" },
            ],
            Default: "c",
          },
        }),
      ],
    ];
    for (const [what, value] of additions) it(what, () => accepts(value));
  });

  describe("refuses", () => {
    const refused: [what: string, value: object, problem: string][] = [
      [
        "another schema version",
        { schemaVersion: "2.2", mainSteps: [] },
        "schemaVersion: must be equal to one of the allowed values",
      ],
      [
        "a document without steps",
        { schemaVersion: "0.3" },
        "document: must have required property 'mainSteps'",
      ],
      [
        "a step without inputs",
        document({ action: "aws:sleep" }),
        "mainSteps[0]: must have required property 'inputs'",
      ],
      [
        "an unknown property",
        document({ action: "aws:pause", inputs: {}, retries: 3 }),
        "mainSteps[0]: must NOT have additional properties (retries)",
      ],
      [
        "a runtime of the past",
        document({ action: "aws:executeScript", inputs: { Runtime: "python3.6" } }),
        "mainSteps[0].inputs.Runtime: must be equal to one of the allowed values",
      ],
      [
        "an operator that there is not",
        document({
          action: "aws:branch",
          inputs: { Choices: [{ Variable: "x", StringIs: "y", NextStep: "b" }] },
        }),
        "mainSteps[0].inputs.Choices[0]: must match exactly one schema in oneOf",
      ],
      [
        "a loop both over items and with a condition",
        document({
          action: "aws:loop",
          inputs: {
            Iterators: [],
            LoopCondition: { Variable: "x", Contains: "y" },
            Steps: [{ name: "i", action: "aws:pause", inputs: {} }],
          },
        }),
        "mainSteps[0].inputs: must match exactly one schema in oneOf",
      ],
      [
        "a mistake in a step of a loop",
        document({
          action: "aws:loop",
          inputs: { Iterators: [], Steps: [{ name: "i", action: "aws:nothing", inputs: {} }] },
        }),
        "mainSteps[0].inputs.Steps[0].action: must be equal to one of the allowed values",
      ],
    ];
    for (const [what, value, problem] of refused) {
      it(what, () => {
        expect(
          schemaProblems(value).some((text) => text.startsWith(problem)),
          schemaProblems(value).join("\n"),
        ).to.equal(true);
      });
    }
  });
});

describe("automationDocumentProblems", () => {
  const step = (name: string, more = {}) => ({
    name,
    action: "aws:sleep",
    inputs: { Duration: "PT1S" },
    ...more,
  });
  const json = (...steps: object[]) => JSON.stringify({ schemaVersion: "0.3", mainSteps: steps });

  it("finds nothing against a good document", () => {
    expect(automationDocumentProblems(json(step("a")), "JSON")).to.deep.equal([]);
  });

  it("holds the content to its format", () => {
    expect(automationDocumentProblems("a: 1", "JSON")[0]).to.match(/^JSON not well-formed/);
    expect(automationDocumentProblems("a: [", "YAML")).to.have.lengthOf(1);
  });

  it("finds what a schema cannot: doubled names, missing steps, circles, unknown references", () => {
    const problems = (...steps: object[]) =>
      automationDocumentProblems(json(...steps), "JSON").join();
    expect(problems(step("a"), step("a"))).to.contain("two steps are called a");
    expect(problems(step("a", { nextStep: "b" }))).to.contain("expected one of the steps a, got b");
    expect(problems(step("a"), step("b", { nextStep: "a" }))).to.contain("circle: a -> b -> a");
    expect(problems(step("a", { inputs: { Duration: "{{ D }}" } }))).to.contain(
      "{{ D }} refers to no parameter",
    );
  });

  it("finds what only AWS's schema knows", () => {
    const noImage = json({ name: "a", action: "aws:deleteImage", inputs: {} });
    expect(automationDocumentProblems(noImage, "JSON")).to.deep.equal([
      "mainSteps[0].inputs: must have required property 'ImageId'",
    ]);
  });

  it("lets pass what only this project's own files may not have", () => {
    const unused = {
      schemaVersion: "0.3",
      parameters: { P: { type: "String" } },
      mainSteps: [step("a")],
    };
    expect(automationDocumentProblems(JSON.stringify(unused), "JSON")).to.deep.equal([]);
  });
});
