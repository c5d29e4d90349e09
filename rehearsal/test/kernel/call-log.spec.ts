import { expect } from "chai";
import type { CallOutcome } from "../../kernel/call.js";
import { CallLog } from "../../kernel/call-log.js";

describe("CallLog", () => {
  const request = (source: string) => ({
    principal: { kind: "service" as const, service: source, sourceAccount: "1" },
    account: "1",
    region: "r",
    service: "ssm",
    operation: "StartAutomationExecution",
    input: {},
  });
  const ending = (outcome: CallOutcome) => ({ outcome, message: undefined, denial: undefined });

  it("counts a call that is throttled again and again, and keeps every other", () => {
    const log = new CallLog();
    for (const [time, principal, outcome] of [
      [1, "a", "throttled"],
      [2, "b", "throttled"],
      [3, "a", "throttled"],
      [4, "a", "throttled"],
      [5, "a", "allowed"],
      [6, "a", "allowed"],
    ] as const) {
      log.add(request(principal), time, ending(outcome));
    }
    const found = log.records.map(({ time, principal, outcome, times }) => [
      time,
      principal,
      outcome,
      times,
    ]);
    expect(found).to.deep.equal([
      [1, "a", "throttled", 3],
      [2, "b", "throttled", undefined],
      [5, "a", "allowed", undefined],
      [6, "a", "allowed", undefined],
    ]);
  });
});
