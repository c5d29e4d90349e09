import { expect } from "chai";
import type { ScheduledRun } from "../../../kernel/scheduled-run.js";
import { checkSchedules, noHostFor } from "../../../scenario/check/schedules.js";
import { MEMBER, OTHER, REGION, TestCloud } from "../../support/test-cloud.js";

type Status = "Success" | "Failed";
const run = (name: string, values: Partial<ScheduledRun> = {}): ScheduledRun => ({
  ...{ account: MEMBER, region: REGION, name, status: "Success" },
  ...values,
});

/** What a scenario's expectations find in runs. */
function judged(runs: readonly ScheduledRun[], schedules: Record<string, Status>, idle?: string) {
  const { cloud } = new TestCloud();
  for (const each of runs) cloud.reportScheduledRun(each);
  if (idle !== undefined) cloud.reportNotRehearsed(noHostFor(idle));
  const stacks = [{ name: "member", account: MEMBER, resources: [], outputs: {} }];
  return checkSchedules({ cloud, stacks, regionNamed: String }, { schedules });
}

describe("checkSchedules", () => {
  const failed = { status: "Failed", reason: "exit 3" } as const;

  it("holds where each ended as expected, called by its name or its stack's and its own", () => {
    const runs = [run("cf-a"), run("cf-b", failed)];
    const expected = { "member/cf-a": "Success", "cf-b": "Failed" } as const;
    expect(judged(runs, expected)).to.deep.equal([
      { expectation: "member/cf-a ended: Success", holds: true },
      { expectation: "cf-b ended: Failed", holds: true },
    ]);
  });

  it("does not hold where one of several ends was bad, and says why", () => {
    const runs = [run("cf-a", failed), run("cf-a")];
    expect(judged(runs, { "cf-a": "Success" })).to.deep.equal([
      { expectation: "cf-a ended: Success", holds: false, found: "exit 3" },
    ]);
  });

  it("does not hold where it ended well against expectation, or did not run", () => {
    expect(judged([run("cf-a")], { "cf-a": "Failed", "cf-z": "Success" })).to.deep.equal([
      { expectation: "cf-a ended: Failed", holds: false, found: "Success" },
      { expectation: "cf-z ended: Success", holds: false, found: "it did not run; what ran: cf-a" },
    ]);
  });

  it("does not take another account's for the stack's", () => {
    const [found] = judged([run("cf-a", { account: OTHER })], { "member/cf-a": "Success" });
    expect(found?.holds).to.equal(false);
  });

  it("fails with each failure that nobody expects, once", () => {
    const expectation = "schedules, collections and routes end well";
    expect(judged([run("cf-a", failed), run("cf-a", failed), run("cf-b")], {})).to.deep.equal([
      { expectation, holds: false, found: "cf-a: exit 3" },
    ]);
  });

  it("judges nothing that is not rehearsed or found no host", () => {
    expect(judged([run("cf-a", { status: "NotRehearsed" })], { "cf-a": "Success" })).to.deep.equal(
      [],
    );
    expect(judged([run("cf-a", { hosts: 0 })], { "cf-a": "Success" }, "cf-a")).to.deep.equal([]);
  });
});
