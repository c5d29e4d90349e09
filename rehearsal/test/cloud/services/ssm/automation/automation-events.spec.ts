import { expect } from "chai";
import type { Cloud } from "../../../../../cloud/cloud.js";
import { AutomationEvents } from "../../../../../cloud/services/ssm/automation/automation-events.js";
import type { AutomationExecution, StepExecution } from "../../../../../runbook/execution.js";

/** What a script's step reports to people. */
function textOf(step: Partial<StepExecution>): string {
  const texts: string[] = [];
  const cloud = {
    report: ({ text }: { text: string }) => texts.push(text),
    events: { emit: () => undefined },
    arn: () => "arn",
  } as unknown as Cloud;
  const execution = { documentName: "look", id: "1", parameters: {} } as AutomationExecution;
  const definition = { name: "s", action: "aws:executeScript", start: 0, end: 2000 };
  new AutomationEvents(cloud).stepChanged(execution, {
    ...definition,
    status: "Success",
    ...step,
  } as StepExecution);
  return texts.join("\n");
}

describe("what a script printed", () => {
  const line = "x".repeat(161);
  const cases: [what: string, step: Partial<StepExecution>, text: string][] = [
    [
      "stands in the timeline, its first line",
      { stdout: "\nanother run is at it: 2 \r\nmore\n" },
      "s (aws:executeScript) succeeded after 2.0 s: another run is at it: 2",
    ],
    [
      "is cut where the line is long",
      { stdout: line },
      `s (aws:executeScript) succeeded after 2.0 s: ${line.slice(1)} …`,
    ],
    [
      "is left out where nothing was printed",
      { stdout: "\n" },
      "s (aws:executeScript) succeeded after 2.0 s",
    ],
    [
      "gives way to the reason of a failure",
      { stdout: "almost", reason: "ValueError - no", status: "Failed" },
      "s (aws:executeScript) failed after 2.0 s: ValueError - no",
    ],
  ];
  for (const [what, step, text] of cases) {
    it(what, () => {
      expect(textOf(step)).to.equal(text);
    });
  }
});
