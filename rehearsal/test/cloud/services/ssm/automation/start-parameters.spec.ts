import { expect } from "chai";
import type { Parameter } from "../../../../../../runbooks/loader/runbook.js";
import { runbookOf } from "../../../../../../runbooks/loader/runbook.js";
import type { Json } from "../../../../../../runbooks/loader/step.js";
import type { GivenParameters } from "../../../../../runbook/start-input.js";
import { parametersOf } from "../../../../../cloud/services/ssm/automation/start-parameters.js";

const values = (parameters: Record<string, Parameter>, given: GivenParameters) =>
  parametersOf(runbookOf("", { schemaVersion: "0.3", parameters, mainSteps: [] }), given);

describe("parametersOf", () => {
  const cases: [parameter: Parameter, given: string[] | undefined, value: Json][] = [
    [{ type: "String" }, ["x"], "x"],
    [{ type: "String", default: "d" }, undefined, "d"],
    [{ type: "StringList" }, ["a", "b"], ["a", "b"]],
    [{ type: "StringList", default: [] }, undefined, []],
    [{ type: "Integer" }, ["3"], 3],
    [{ type: "Boolean" }, ["true"], true],
    [{ type: "Boolean" }, ["True"], true],
    [{ type: "Boolean" }, ["false"], false],
    [{ type: "StringMap" }, ['{"a":1}'], { a: 1 }],
    [{ type: "MapList" }, ['[{"a":1}]'], [{ a: 1 }]],
    [{ type: "AWS::EC2::Instance::Id" }, ["i-0123456789abcdef0"], "i-0123456789abcdef0"],
    [{ type: "List<AWS::S3::Bucket::Name>" }, ["bucket-a"], ["bucket-a"]],
  ];
  for (const [parameter, given, value] of cases) {
    it(`makes ${JSON.stringify(value)} of ${JSON.stringify(given)} for a ${parameter.type}`, () => {
      expect(values({ P: parameter }, given === undefined ? {} : { P: given })).to.deep.equal({
        P: value,
      });
    });
  }

  const refused: [what: string, parameter: Parameter, given: GivenParameters, message: string][] = [
    ["a required one that is missing", { type: "String" }, {}, "P is required."],
    [
      "an unknown one",
      { type: "String", default: "" },
      { Q: ["x"] },
      "Q is no parameter of the document.",
    ],
    [
      "two values of a String",
      { type: "String" },
      { P: ["a", "b"] },
      'P is a String, got ["a","b"].',
    ],
    ["text for an Integer", { type: "Integer" }, { P: ["many"] }, 'P is a Integer, got ["many"].'],
    ["a number for a Boolean", { type: "Boolean" }, { P: ["1"] }, 'P is a Boolean, got ["1"].'],
    [
      "a value that is not allowed",
      { type: "String", allowedValues: ["a", "b"] },
      { P: ["c"] },
      'P is one of a, b; got "c".',
    ],
    [
      "a value outside of the pattern",
      { type: "String", allowedPattern: "^a+$" },
      { P: ["ab"] },
      'P matches ^a+$, got "ab".',
    ],
    [
      "an instance id that is none",
      { type: "AWS::EC2::Instance::Id" },
      { P: ["web-1"] },
      'P matches ^m?i-([a-z0-9]{8}|[a-z0-9]{17})$, got "web-1".',
    ],
    [
      "too few items",
      { type: "StringList", minItems: 2 },
      { P: ["a"] },
      "P has 2 to any number of items.",
    ],
    [
      "too many characters",
      { type: "String", maxChars: 2 },
      { P: ["abc"] },
      "P has 0 to 2 characters.",
    ],
  ];
  for (const [what, parameter, given, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => values({ P: parameter }, given))
        .to.throw(message)
        .with.property("code", "InvalidAutomationExecutionParametersException");
    });
  }

  it("refuses all that is wrong at once", () => {
    const parameters: Record<string, Parameter> = { A: { type: "String" }, B: { type: "Integer" } };
    expect(() => values(parameters, { B: ["x"], C: ["y"] })).to.throw(
      'C is no parameter of the document; A is required; B is a Integer, got ["x"].',
    );
  });

  const limits: [what: string, given: GivenParameters, message: string][] = [
    ["an empty value", { P: [""] }, 'a value of P has 1 to 512 characters, got "".'],
    ["a value of 513 characters", { P: ["x".repeat(513)] }, "a value of P has 1 to 512 characters"],
    ["51 values", { P: Array.from({ length: 51 }, () => "x") }, "P has at most 50 values."],
    ["a name of 51 characters", { ["P".repeat(51)]: ["x"] }, "has 1 to 50 characters."],
    [
      "a text instead of a list",
      { P: "x" as unknown as string[] },
      'P is a list of strings, got "x".',
    ],
  ];
  for (const [what, given, message] of limits) {
    it(`refuses ${what} by the API's own limits`, () => {
      expect(() => values({ P: { type: "StringList" } }, given))
        .to.throw(message)
        .with.property("code", "ValidationException");
    });
  }

  it("says that it does not rehearse a default from Parameter Store", () => {
    const parameter = { type: "String", default: "{{ssm:name}}" } as const;
    expect(() => values({ P: parameter }, {})).to.throw(
      "not rehearsed: parameter default {{ssm:name}}",
    );
  });
});
