import { expect } from "chai";
import { play, refused, runbookWith } from "./support.js";

const wait = (more = "") =>
  runbookWith(
    `  - name: w\n    action: aws:waitForAwsResourceProperty\n${more}    inputs:\n      Service: ec2\n      Api: describe_things\n      Ids: [x]\n      PropertySelector: $.State\n      DesiredValues: [on, up]\n`,
  );

describe("aws:waitForAwsResourceProperty", () => {
  it("calls until the property has one of the values", async () => {
    const states = ["off", undefined, "up"];
    const played = await play(wait(), {
      apis: { "ec2:DescribeThings": () => ({ State: states.shift() }) },
    });
    expect(played.execution.status).to.equal("Success");
    expect(played.calls).to.have.lengthOf(3);
    expect(played.inputs[0]).to.deep.equal({ Ids: ["x"] });
  });

  it("times out when timeoutSeconds are over, to the second", async () => {
    const apis = { "ec2:DescribeThings": () => ({ State: "off" }) };
    const { execution } = await play(wait("    timeoutSeconds: 42\n"), { apis });
    expect(execution.status).to.equal("TimedOut");
    expect((execution.steps[0]?.end ?? 0) - (execution.steps[0]?.start ?? 0)).to.equal(42_000);
    expect(execution.failureMessage).to.match(
      /^Step timed out while step is waiting .*\$\.State of ec2:describe_things is "off", desired is on or up/,
    );
  });

  it("waits an hour where the step does not say how long", async () => {
    const { seconds } = await play(wait(), { apis: { "ec2:DescribeThings": () => ({}) } });
    expect(seconds).to.be.closeTo(3600, 1);
  });

  it("gives every attempt its own time", async () => {
    const apis = { "ec2:DescribeThings": () => ({}) };
    const { seconds } = await play(wait("    timeoutSeconds: 60\n    maxAttempts: 2\n"), { apis });
    expect(seconds).to.be.closeTo(120, 1);
  });

  it("fails at once when the call is refused", async () => {
    const { execution, calls } = await play(wait(), {
      apis: { "ec2:DescribeThings": () => refused("AccessDeniedException") },
    });
    expect([execution.status, calls.length]).to.deep.equal(["Failed", 1]);
  });
});

describe("aws:assertAwsResourceProperty", () => {
  const assertion = (desired: string) =>
    runbookWith(
      `  - { name: a, action: aws:assertAwsResourceProperty, inputs: { Service: ec2, Api: Get, PropertySelector: $.Flag, DesiredValues: [${desired}] } }\n`,
    );
  const apis = { "ec2:Get": () => ({ Flag: true }) };

  it("compares booleans as True and False", async () => {
    expect((await play(assertion('"True"'), { apis })).execution.status).to.equal("Success");
  });

  it("fails after one call with the value that there is", async () => {
    const { execution, calls } = await play(assertion('"False"'), { apis });
    expect([execution.status, calls.length]).to.deep.equal(["Failed", 1]);
    expect(execution.reason).to.equal("$.Flag of ec2:Get is true, desired is False");
  });
});

describe("aws:sleep", () => {
  const cases: [inputs: string, seconds: number | string][] = [
    ["Duration: PT10M", 600],
    ["Duration: P1DT1H", 90_000],
    ["Timestamp: '2026-01-05T08:01:00Z'", 60],
    ["Timestamp: '2026-01-05T07:00:00Z'", 0],
    ["Duration: 10 minutes", "Duration 10 minutes is no ISO 8601 duration such as PT10M"],
    ["Duration: P8D", "aws:sleep waits at most 604799 seconds"],
  ];
  for (const [inputs, expected] of cases) {
    it(`${inputs} gives ${expected}`, async () => {
      const source = runbookWith(`  - { name: s, action: aws:sleep, inputs: { ${inputs} } }\n`);
      const { execution, seconds } = await play(source);
      if (typeof expected === "string") expect(execution.reason).to.equal(expected);
      else expect(seconds).to.be.closeTo(expected, 0.5);
    });
  }
});

describe("aws:createTags", () => {
  const tags = (inputs: string) =>
    runbookWith(
      `  - { name: t, action: aws:createTags, inputs: { ${inputs}, Tags: [{ Key: a, Value: b }] } }\n`,
    );

  it("tags EC2 resources", async () => {
    const { inputs } = await play(tags("ResourceIds: [i-1, i-2]"), {
      apis: { "ec2:CreateTags": () => ({}) },
    });
    expect(inputs).to.deep.equal([{ Resources: ["i-1", "i-2"], Tags: [{ Key: "a", Value: "b" }] }]);
  });

  it("tags one resource of Systems Manager, and no more", async () => {
    const apis = { "ssm:AddTagsToResource": () => ({}) };
    const played = await play(tags("ResourceType: Parameter, ResourceIds: [p]"), { apis });
    expect(played.inputs).to.deep.equal([
      { ResourceType: "Parameter", ResourceId: "p", Tags: [{ Key: "a", Value: "b" }] },
    ]);
    const two = await play(tags("ResourceType: Parameter, ResourceIds: [p, q]"), { apis });
    expect(two.execution.status).to.equal("Failed");
  });
});

describe("aws:updateVariable", () => {
  const source = (value: string) =>
    runbookWith(
      `  - { name: u, action: aws:updateVariable, inputs: { Name: variable:count, Value: ${value} } }\n  - { name: a, action: aws:executeAwsApi, inputs: { Service: ec2, Api: Get, N: "{{ variable:count }}" } }\n`,
      "variables: { count: { type: Integer, default: 1 } }\n",
    );
  const apis = { "ec2:Get": () => ({}) };

  it("gives the variable another value of its type", async () => {
    expect((await play(source("7"), { apis })).inputs).to.deep.equal([{ N: 7 }]);
  });

  it("fails for a value of another type", async () => {
    const { execution } = await play(source('"7"'), { apis });
    expect(execution.reason).to.equal('Variable count is a Integer, got "7"');
  });

  const limits: [what: string, type: string, value: string, problem: string][] = [
    [
      "a text of 513 characters",
      "String",
      `"${"x".repeat(513)}"`,
      "a String has 1 to 512 characters",
    ],
    ["an empty text in a list", "StringList", '["a", ""]', "a String has 1 to 512 characters"],
    [
      "51 texts",
      "StringList",
      JSON.stringify(Array(51).fill("a")),
      "a StringList has at most 50 items",
    ],
    ["201 maps", "MapList", JSON.stringify(Array(201).fill({})), "a MapList has at most 200 items"],
  ];
  for (const [what, type, value, problem] of limits) {
    it(`takes no more than AWS does: not ${what}`, async () => {
      const text = source(value).replace("Integer, default: 1", type);
      expect((await play(text, { apis })).execution.reason).to.equal(`Variable count: ${problem}`);
    });
  }
});
