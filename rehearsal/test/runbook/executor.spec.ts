import { expect } from "chai";
import type { PlayOptions } from "./support.js";
import { play, refused, runbookWith, throttled, trail } from "./support.js";

const apis = {
  "ec2:Good": () => ({}),
  "ec2:Bad": () => refused("Broken", "it is broken"),
};

/** A step that succeeds or fails by one API call. */
const step = (name: string, api: "Good" | "Bad", more = "") =>
  `  - name: ${name}\n    action: aws:executeAwsApi\n    inputs: { Service: ec2, Api: ${api} }\n${more}`;

const run = (...steps: string[]) => play(runbookWith(steps.join("")), { apis });

describe("Executor", () => {
  describe("decides by onFailure, isCritical, isEnd and nextStep what comes next", () => {
    const cases: [what: string, steps: string[], trail: string[], status: string][] = [
      [
        "runs the steps in order",
        [step("a", "Good"), step("b", "Good")],
        ["a: Success", "b: Success"],
        "Success",
      ],
      ["aborts by default", [step("a", "Bad"), step("b", "Good")], ["a: Failed"], "Failed"],
      [
        "goes on with Continue, and the execution succeeds",
        [step("a", "Bad", "    onFailure: Continue\n"), step("b", "Good")],
        ["a: Failed", "b: Success"],
        "Success",
      ],
      [
        "goes on with Continue, and fails in the end where the step is critical",
        [step("a", "Bad", "    onFailure: Continue\n    isCritical: true\n"), step("b", "Good")],
        ["a: Failed", "b: Success"],
        "Failed",
      ],
      [
        "goes where onFailure says, and fails in the end",
        [step("a", "Bad", "    onFailure: step:c\n"), step("b", "Good"), step("c", "Good")],
        ["a: Failed", "c: Success"],
        "Failed",
      ],
      [
        "goes where onFailure says, and succeeds where the step is not critical",
        [
          step("a", "Bad", "    onFailure: step:c\n    isCritical: false\n"),
          step("b", "Good"),
          step("c", "Good"),
        ],
        ["a: Failed", "c: Success"],
        "Success",
      ],
      [
        "aborts though the step is not critical",
        [step("a", "Bad", "    isCritical: false\n"), step("b", "Good")],
        ["a: Failed"],
        "Failed",
      ],
      [
        "stops at isEnd after a success",
        [step("a", "Good", "    isEnd: true\n"), step("b", "Good")],
        ["a: Success"],
        "Success",
      ],
      [
        "stops at isEnd after a failure that does not count",
        [step("a", "Bad", "    isEnd: true\n    onFailure: Continue\n"), step("b", "Good")],
        ["a: Failed"],
        "Success",
      ],
      [
        "jumps to nextStep",
        [step("a", "Good", "    nextStep: c\n"), step("b", "Good"), step("c", "Good")],
        ["a: Success", "c: Success"],
        "Success",
      ],
      [
        "jumps to nextStep after Continue too",
        [
          step("a", "Bad", "    nextStep: c\n    onFailure: Continue\n"),
          step("b", "Good"),
          step("c", "Good"),
        ],
        ["a: Failed", "c: Success"],
        "Success",
      ],
    ];
    for (const [what, steps, expected, status] of cases) {
      it(what, async () => {
        const played = await run(...steps);
        expect(trail(played)).to.deep.equal(expected);
        expect(played.execution.status).to.equal(status);
      });
    }
  });

  it("says in AWS's words why a step failed", async () => {
    const { execution } = await run(step("a", "Bad"));
    expect(execution.failureMessage).to.equal(
      "Step fails when it is Execute/Cancelling action. An error occurred (Broken) when calling the Bad operation: it is broken. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.",
    );
    expect(execution.reason).to.equal(
      "An error occurred (Broken) when calling the Bad operation: it is broken",
    );
  });

  it("tries a step as often as maxAttempts says, and bills each attempt", async () => {
    let left = 2;
    const flaky = () => (left-- > 0 ? refused("Broken") : {});
    const source = runbookWith(step("a", "Good", "    maxAttempts: 3\n"));
    const played = await play(source, { apis: { "ec2:Good": flaky } });
    expect(played.execution.status).to.equal("Success");
    expect(played.execution.steps[0]?.attempts).to.equal(3);
    expect(played.execution.price).to.be.closeTo(0.006, 1e-9);
  });

  it("fails once the attempts are used up", async () => {
    const played = await play(runbookWith(step("a", "Bad", "    maxAttempts: 3\n")), { apis });
    expect(played.calls).to.have.lengthOf(3);
    expect(played.execution.status).to.equal("Failed");
  });

  it("tries a throttled call again in virtual time, within one attempt", async () => {
    let left = 2;
    const busy = () => (left-- > 0 ? throttled() : {});
    const played = await play(runbookWith(step("a", "Good")), { apis: { "ec2:Good": busy } });
    expect(played.execution.status).to.equal("Success");
    expect(played.execution.steps[0]?.attempts).to.equal(1);
    expect(played.seconds).to.be.greaterThan(0.3);
  });

  it("gives up a call that stays throttled after four retries", async () => {
    const played = await play(runbookWith(step("a", "Good")), { apis: { "ec2:Good": throttled } });
    expect(played.calls).to.have.lengthOf(5);
    expect(played.execution.reason).to.contain("ThrottlingException");
  });

  describe("ends an execution that uses what is not modelled, whatever onFailure says", () => {
    const cases: [what: string, steps: string, subject: string][] = [
      [
        "an operation",
        step("a", "Good", "    onFailure: Continue\n").replace("Good", "DescribeFleets"),
        "ec2:DescribeFleets",
      ],
      [
        "an action",
        "  - name: a\n    action: aws:pause\n    onFailure: Continue\n    inputs: {}\n",
        "aws:pause",
      ],
      [
        "PowerShell",
        "  - { name: a, action: aws:executeScript, onFailure: Continue, inputs: { Runtime: PowerShell 7.4, Script: x } }\n",
        "aws:executeScript PowerShell 7.4",
      ],
      [
        "an operation inside a loop",
        `  - name: l\n    action: aws:loop\n    onFailure: Continue\n    inputs:\n      Iterators: [a, b]\n      Steps:\n        - { name: i, action: aws:executeAwsApi, onFailure: Continue, inputs: { Service: ec2, Api: Odd } }\n`,
        "ec2:Odd",
      ],
      [
        "a JSONPath filter",
        step("a", "Good", "    outputs: [{ Name: x, Selector: '$.A[?(@.b)]', Type: String }]\n"),
        "JSONPath filter $.A[?(@.b)]",
      ],
    ];
    for (const [what, steps, subject] of cases) {
      it(what, async () => {
        const played = await play(runbookWith(steps + step("z", "Good")), { apis });
        expect(played.execution.status).to.equal("Failed");
        expect(played.execution.failureMessage).to.contain(`not rehearsed: ${subject}`);
        expect(trail(played)).not.to.contain("z: Success");
        expect(new Set(played.notRehearsed)).to.deep.equal(new Set([subject]));
      });
    }
  });

  describe("stops when the execution is stopped", () => {
    const cases: [what: string, steps: string, options: PlayOptions][] = [
      ["before the next step", step("a", "Good") + step("b", "Good"), { apis, stopAfter: 0.5 }],
      [
        "while it waits for a property",
        "  - { name: a, action: aws:waitForAwsResourceProperty, inputs: { Service: ec2, Api: Good, PropertySelector: $.X, DesiredValues: [y] } }\n",
        { apis, stopAfter: 20 },
      ],
      [
        "while it sleeps",
        "  - { name: a, action: aws:sleep, inputs: { Duration: PT10M } }\n",
        { stopAfter: 20 },
      ],
    ];
    for (const [what, steps, options] of cases) {
      it(what, async () => {
        const played = await play(runbookWith(steps), options);
        expect(played.execution.status).to.equal("Cancelled");
        expect(played.seconds).to.be.lessThan(90);
      });
    }
  });

  it("says that it does not rehearse what onCancel asks for", async () => {
    const sleep =
      "  - { name: a, action: aws:sleep, onCancel: step:b, inputs: { Duration: PT10M } }\n";
    const played = await play(runbookWith(sleep + step("b", "Good")), { apis, stopAfter: 20 });
    expect(played.execution.status).to.equal("Cancelled");
    expect(played.notRehearsed).to.deep.equal(["onCancel step:b"]);
  });

  it("gives the outputs that the runbook declares", async () => {
    const outputs = "    outputs: [{ Name: Id, Selector: $.Id, Type: String }]\n";
    const source = `${runbookWith(step("a", "Good", outputs))}outputs: [a.Id, a.OutputPayload]\n`;
    const played = await play(source, { apis: { "ec2:Good": () => ({ Id: "x" }) } });
    expect(played.execution.outputs).to.deep.equal({
      "a.Id": ["x"],
      "a.OutputPayload": ['{"Id":"x"}'],
    });
  });

  it("says of the outputs of a failed step that there are none", async () => {
    const outputs = "    outputs: [{ Name: Id, Selector: $.Id, Type: String }]\n";
    const source = `${runbookWith(step("a", "Bad", outputs))}outputs: [a.Id]\n`;
    const { execution } = await play(source, { apis });
    expect(execution.outputs["a.Id"]?.[0]).to.match(/^No output available yet/);
  });

  it("is the same in every run", async () => {
    const source = runbookWith(step("a", "Good") + step("b", "Good"));
    const [first, second] = [await play(source, { apis }), await play(source, { apis })];
    expect(JSON.stringify(first.execution)).to.equal(JSON.stringify(second.execution));
  });
});
