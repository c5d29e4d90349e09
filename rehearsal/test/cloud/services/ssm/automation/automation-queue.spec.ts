import { expect } from "chai";
import { Clock } from "../../../../../kernel/clock.js";
import { AutomationQueue } from "../../../../../cloud/services/ssm/automation/automation-queue.js";

describe("AutomationQueue", () => {
  /** Starts `count` automations of ten seconds at once; gives when each began, in seconds. */
  async function starts(count: number, most: number): Promise<number[]> {
    const clock = new Clock(0);
    const queue = new AutomationQueue(clock, most);
    const begun: number[] = [];
    for (let i = 0; i < count; i++) {
      const turn = queue.enter("a", "r");
      clock.spawn(async () => {
        if (turn !== undefined) await turn.wait();
        begun.push(clock.now / 1000);
        await clock.sleep(10_000);
        queue.leave("a", "r");
      });
    }
    await clock.run();
    return begun;
  }

  it("lets only so many run at once; the others wait in order", async () => {
    expect(await starts(5, 2)).to.deep.equal([0, 0, 10, 10, 20]);
  });

  it("gives every account and Region turns of its own", () => {
    const queue = new AutomationQueue(new Clock(0), 1);
    expect(queue.enter("a", "r")).to.equal(undefined);
    expect(queue.enter("b", "r")).to.equal(undefined);
    expect(queue.enter("a", "s")).to.equal(undefined);
    expect(queue.enter("a", "r")).not.to.equal(undefined);
  });

  it("gives turns out again, once left", () => {
    const queue = new AutomationQueue(new Clock(0), 1);
    queue.enter("a", "r");
    queue.leave("a", "r");
    expect(queue.enter("a", "r")).to.equal(undefined);
  });

  it("refuses what does not fit into the queue", () => {
    const queue = new AutomationQueue(new Clock(0), 1, 2);
    for (let i = 0; i < 3; i++) queue.enter("a", "r");
    expect(() => queue.enter("a", "r"))
      .to.throw("1 run and 2 wait")
      .with.property("code", "AutomationExecutionLimitExceededException");
  });
});
