import { expect } from "chai";
import { Clock } from "../../kernel/clock.js";
import { Timekeeper } from "../../server/clock-speed.js";
import { broken } from "./support.js";

/** Until whoever waits for the machine's time had a few turns. */
const turns = () => new Promise((resolve) => setTimeout(resolve, 100));

describe("the time of a served cloud", () => {
  let clock: Clock;
  let keeper: Timekeeper | undefined;
  const events: string[] = [];
  const record = (event: string) => {
    events.push(`${clock.now} ${event}`);
    return Promise.resolve();
  };
  beforeEach(() => {
    clock = new Clock(0);
    events.length = 0;
  });
  afterEach(() => keeper?.close());

  it("goes on by the same time before each request, and what is due by then happens first", async () => {
    clock.spawn(() => record("due"), 500);
    clock.spawn(() => record("later"), 1500);
    keeper = new Timekeeper(clock, { perRequest: 1000 }, broken);
    await Promise.all([keeper.carryOut(() => record("one")), keeper.carryOut(() => record("two"))]);
    expect(events).to.deep.equal(["500 due", "1000 one", "1500 later", "2000 two"]);
    await turns();
    expect(clock.now).to.equal(2000);
  });

  it("lets a request take its time, and gives its failure to the caller", async () => {
    keeper = new Timekeeper(clock, { perRequest: 10 }, broken);
    const slow = keeper.carryOut(async () => {
      await clock.sleep(60_000);
      return clock.now;
    });
    expect(await slow).to.equal(60_010);
    const failing = keeper.carryOut(() => Promise.reject(new Error("no")));
    expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal("no");
  });

  it("follows the clock on the wall, so many times as fast, whether anybody asks or not", async () => {
    let wall = 7000;
    clock.spawn(() => record("due"), 5000);
    keeper = new Timekeeper(clock, { speed: 10 }, broken, () => wall);
    expect(await keeper.carryOut(() => Promise.resolve(clock.now))).to.equal(0);
    wall += 499;
    await turns();
    expect([clock.now, events]).to.deep.equal([4990, []]);
    wall += 2;
    await turns();
    expect([clock.now, events]).to.deep.equal([5010, ["5000 due"]]);
    expect(await keeper.carryOut(() => Promise.resolve(clock.now))).to.equal(5010);
  });

  it("reports a bug in the cloud, and is not held up by a request that waits", async () => {
    const bugs: unknown[] = [];
    keeper = new Timekeeper(
      clock,
      { speed: 1 },
      (error) => bugs.push(error),
      () => 0,
    );
    const never = clock.signal<number>();
    void keeper.carryOut(() => never.wait());
    expect(await keeper.carryOut(() => Promise.resolve("answered"))).to.equal("answered");
    clock.spawn(() => Promise.reject(new Error("a bug")));
    await turns();
    expect(bugs.map((bug) => (bug as Error).message)).to.include("a bug");
  });
});
