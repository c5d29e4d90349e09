import { expect } from "chai";
import { setTimeout as realDelay } from "node:timers/promises";
import { Clock } from "../../kernel/clock.js";

describe("Clock", () => {
  let clock: Clock;
  let log: string[];
  const note = (text: string) => log.push(`${clock.now} ${text}`);

  beforeEach(() => {
    clock = new Clock(0);
    log = [];
  });

  it("moves time only as far as the next process that is due", async () => {
    clock.spawn(async () => {
      await clock.sleep(5_000);
      note("slow");
    });
    clock.spawn(async () => {
      await clock.sleep(1_000);
      note("quick");
      await clock.sleep(1_000);
      note("quick again");
    });
    await clock.run();
    expect(log).to.deep.equal(["1000 quick", "2000 quick again", "5000 slow"]);
    expect(clock.now).to.equal(5_000);
  });

  it("lets one process run at a time, whatever real work takes", async () => {
    clock.spawn(async () => {
      await realDelay(20);
      note("first");
      await clock.sleep(0);
      note("first, next turn");
    });
    clock.spawn(() => Promise.resolve(note("second")));
    await clock.run();
    expect(log).to.deep.equal(["0 first", "0 second", "0 first, next turn"]);
  });

  it("wakes all who wait for a signal, once it is set, with its result", async () => {
    const done = clock.spawn(async () => {
      await clock.sleep(3_000);
      return "result";
    });
    for (const name of ["a", "b"]) {
      clock.spawn(async () => {
        note(`${name} ${await done.wait()}`);
      });
    }
    await clock.run();
    expect(log).to.deep.equal(["3000 a result", "3000 b result"]);
  });

  it("stops at the given time and goes on from there", async () => {
    clock.spawn(async () => {
      await clock.sleep(10_000);
      note("late");
    });
    await clock.run(4_000);
    expect([clock.now, log]).to.deep.equal([4_000, []]);
    await clock.run();
    expect(log).to.deep.equal(["10000 late"]);
  });

  it("does not go on for what only waits for its hour, and lets it happen while time passes", async () => {
    const hourly = () => {
      clock.spawnIdly(async () => {
        note("timer");
        hourly();
        return Promise.resolve();
      }, 60_000);
    };
    hourly();
    clock.spawn(() => clock.sleep(90_000));
    await clock.run();
    expect([clock.now, log]).to.deep.equal([90_000, ["60000 timer"]]);
    await clock.run(200_000);
    expect([clock.now, log]).to.deep.equal([
      200_000,
      ["60000 timer", "120000 timer", "180000 timer"],
    ]);
  });

  it("finishes what a timer began", async () => {
    clock.spawnIdly(async () => {
      clock.spawn(async () => {
        await clock.sleep(5_000);
        note("begun by the timer");
      });
      return Promise.resolve();
    }, 1_000);
    await clock.run(1_000);
    await clock.run();
    expect(log).to.deep.equal(["6000 begun by the timer"]);
  });

  describe("with what comes again and again", () => {
    const everyMinute = (time: number) => (Math.floor(time / 60_000) + 1) * 60_000;

    it("has it come at each of its times, until it says that it is over", async () => {
      let left = 2;
      clock.repeatIdly(everyMinute, () => {
        note("again");
        return Promise.resolve(--left > 0);
      });
      await clock.run(200_000);
      expect(log).to.deep.equal(["60000 again", "120000 again"]);
    });

    it("skips a time without it, and goes on as if nothing had come by itself", async () => {
      clock.repeatIdly(everyMinute, () => {
        note("again");
        return Promise.resolve(true);
      });
      clock.spawnIdly(() => Promise.resolve(void note("once")), 1_000);
      clock.skip(3_570_000);
      expect([clock.now, log]).to.deep.equal([3_570_000, []]);
      await clock.run(3_660_000);
      expect(log).to.deep.equal(["3570000 once", "3600000 again", "3660000 again"]);
    });

    it("does not skip what is underway", () => {
      clock.spawn(() => clock.sleep(1));
      expect(() => clock.skip(10)).to.throw("underway");
    });
  });

  it("ends the run with what a process threw", async () => {
    clock.spawn(async () => {
      await clock.sleep(1);
      throw new Error("broken");
    });
    const error = await clock.run().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.an("error").with.property("message", "broken");
  });
});
