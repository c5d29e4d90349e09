import { expect } from "chai";
import { play, refused, runbookWith, trail } from "./support.js";

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
    const one = await play(tags("ResourceType: Parameter, ResourceIds: [p]"), { apis });
    expect(one.inputs).to.deep.equal([
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
});

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

describe("aws:runCommand", () => {
  const source = (more = "") =>
    runbookWith(
      `  - name: c\n    action: aws:runCommand\n${more}    inputs:\n      DocumentName: AWS-RunShellScript\n      InstanceIds: ["{{ Ids }}"]\n      TimeoutSeconds: 60\n      Parameters: { commands: [ls, "{{ Ids }}"], executionTimeout: 5 }\n  - { name: a, action: aws:executeAwsApi, inputs: { Service: ec2, Api: Do, Text: "{{ c.Output }}" } }\n`,
      "parameters: { Ids: { type: StringList } }\n",
    );
  const parameters = { Ids: ["i-1"] };
  const answer = (...statuses: string[]) => ({
    "ec2:Do": () => ({}),
    "ssm:SendCommand": () => ({ Command: { CommandId: "c-1", Status: "Pending" } }),
    "ssm:ListCommands": () => ({
      Commands: [{ Status: statuses.length > 1 ? statuses.shift() : statuses[0] }],
    }),
    "ssm:ListCommandInvocations": () => ({
      CommandInvocations: [
        {
          InstanceId: "i-1",
          Status: statuses[0],
          CommandPlugins: [{ Output: "hello", ResponseCode: statuses[0] === "Failed" ? 3 : 0 }],
        },
      ],
    }),
  });

  it("sends lists of texts, polls, and gives the output on", async () => {
    const played = await play(source(), {
      parameters,
      apis: answer("Pending", "InProgress", "Success"),
    });
    expect(played.execution.status).to.equal("Success");
    expect(played.inputs[0]).to.deep.equal({
      DocumentName: "AWS-RunShellScript",
      InstanceIds: ["i-1"],
      TimeoutSeconds: 60,
      Parameters: { commands: ["ls", "i-1"], executionTimeout: ["5"] },
    });
    expect(played.calls).to.deep.equal([
      "ssm:SendCommand",
      "ssm:ListCommands",
      "ssm:ListCommands",
      "ssm:ListCommands",
      "ssm:ListCommandInvocations",
      "ec2:Do",
    ]);
    expect(played.inputs.at(-1)).to.deep.equal({ Text: "hello" });
  });

  it("fails with the status and the host's words, as AWS writes them", async () => {
    const { execution } = await play(source(), { parameters, apis: answer("Failed") });
    expect(execution.failureMessage).to.equal(
      'Step fails when it is verifying the command has completed. Command c-1 returns unexpected invocation result: \n{Status=[Failed], ResponseCode=[3], Output=[hello], OutputPayload=[{"Status":"Failed","ResponseCode":3,"Output":"hello","CommandId":"c-1"}], CommandId=[c-1]}. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.',
    );
  });

  it("times out while the command is under way", async () => {
    const { execution } = await play(source("    timeoutSeconds: 30\n"), {
      parameters,
      apis: answer("InProgress"),
    });
    expect(execution.status).to.equal("TimedOut");
    expect(execution.reason).to.equal("Command c-1 is not over");
  });

  it("fails when the command is refused", async () => {
    const apis = {
      ...answer("Success"),
      "ssm:SendCommand": () => refused("InvalidInstanceId", "not there"),
    };
    const { execution } = await play(source(), { parameters, apis });
    expect(execution.reason).to.equal(
      "An error occurred (InvalidInstanceId) when calling the SendCommand operation: not there",
    );
  });
});
