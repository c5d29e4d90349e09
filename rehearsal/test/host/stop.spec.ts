import { expect } from "chai";
import { Clock } from "../../kernel/clock.js";
import { BuiltInMachine } from "../../host/built-in-machine.js";
import type { Ran } from "../../host/machine.js";
import { AMAZON_LINUX, ports } from "./support.js";

describe("A script that is stopped while it sleeps", function () {
  this.timeout(20_000);

  it("ends in its own turn of the clock, though time stands still meanwhile", async () => {
    const clock = new Clock(0);
    const machine = new BuiltInMachine(
      { ...ports(), clock },
      { privateIp: "10.0.1.23", instanceType: "t3.micro", os: AMAZON_LINUX },
    );
    const stop = new AbortController();
    const events: string[] = [];
    const note = (what: string) => events.push(`${clock.now / 1000}: ${what}`);
    clock.spawn(async () => {
      const ran: Ran = await machine.run("sleep 100; echo woken", { stop: stop.signal });
      note(`ended [${ran.stdout}]`);
      await clock.sleep(1000);
      note("after it");
    });
    clock.spawn(() => {
      stop.abort();
      note("stopped");
      return Promise.resolve();
    }, 10_000);
    clock.spawn(() => Promise.resolve(note("elsewhere")), 200_000);
    await clock.run(20_000);
    // Longer than just-bash waits for a command to end: in a served cloud virtual time may be as slow as real time.
    await new Promise((resolve) => setTimeout(resolve, 6000));
    await clock.run();
    expect(events).to.deep.equal([
      "10: stopped",
      "100: ended []",
      "101: after it",
      "200: elsewhere",
    ]);
  });
});
