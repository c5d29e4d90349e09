import { expect } from "chai";
import { Clock } from "../../../../../kernel/clock.js";
import { controlled, limitOf } from "../../../../../cloud/services/ssm/automation/rate-control.js";

describe("rate control", () => {
  /** Runs `count` items of ten seconds, of which those in `failing` fail; gives the second at which each began. */
  async function run(
    count: number,
    rate: { maxConcurrency?: string; maxErrors?: string; rampsUp?: boolean },
    failing: readonly number[] = [],
    until = Infinity,
  ) {
    const clock = new Clock(0);
    const begun: number[] = [];
    const items = Array.from({ length: count }, (_, index) => index);
    const all = { maxConcurrency: "10", maxErrors: "0", rampsUp: true, ...rate };
    const work = async (item: number) => {
      begun.push(clock.now / 1000);
      await clock.sleep(10_000);
      return !failing.includes(item);
    };
    const tally = clock.spawn(() =>
      controlled(clock, items, all, work, () => clock.now / 1000 < until),
    );
    await clock.run();
    return { begun, ...(await tally.wait()) };
  }
  const all = (count: number) => Array.from({ length: count }, (_, index) => index);

  it("begins with one and doubles up to the concurrency", async () => {
    const { begun } = await run(14, { maxConcurrency: "5" });
    expect(begun).to.deep.equal([0, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30, 30, 40, 40]);
  });

  it("begins at its full width where it does not ramp up", async () => {
    const { begun } = await run(5, { maxConcurrency: "2", rampsUp: false });
    expect(begun).to.deep.equal([0, 0, 10, 10, 20]);
  });

  it("takes a percentage of the items, rounded up, and one at least", () => {
    expect([
      limitOf("10%", 50),
      limitOf("10%", 1),
      limitOf("7", 3),
      limitOf("0%", 9),
    ]).to.deep.equal([5, 1, 7, 0]);
  });

  const stops: [what: string, maxErrors: string, count: number, begun: number][] = [
    ["3 errors stop it at the fourth", "3", 50, 4],
    ["0 errors stop it at the first", "0", 50, 1],
    ["10 % of 50 stop it at the sixth", "10%", 50, 6],
    ["100 % never stop it", "100%", 50, 50],
  ];
  for (const [what, maxErrors, count, begun] of stops) {
    it(`of which everything fails: ${what}`, async () => {
      const found = await run(count, { maxConcurrency: "1", maxErrors }, all(count));
      expect(found.begun.length).to.equal(begun);
      expect(found.errors).to.equal(begun);
      expect(found.isExceeded).to.equal(begun < count);
    });
  }

  it("completes what runs when the limit is reached", async () => {
    const found = await run(9, { maxConcurrency: "4", maxErrors: "0", rampsUp: false }, [0]);
    expect(found.begun).to.deep.equal([0, 0, 0, 0]);
    expect(found.errors).to.equal(1);
  });

  it("begins nothing more once it is stopped", async () => {
    const found = await run(9, { maxConcurrency: "2", rampsUp: false }, [], 15);
    expect(found.begun).to.deep.equal([0, 0, 10, 10]);
    expect(found.isExceeded).to.equal(false);
  });
});
