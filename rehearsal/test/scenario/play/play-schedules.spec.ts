import { expect } from "chai";
import type { Properties } from "../../../kernel/resource.js";
import { playSchedules } from "../../../scenario/play/play-schedules.js";
import { TestCloud } from "../../support/test-cloud.js";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const DAY = 86_400_000;

describe("playSchedules", () => {
  /** When rules came, in days from the beginning. */
  async function played(rules: Record<string, Properties>) {
    const testCloud = new TestCloud();
    const { cloud } = testCloud;
    await cloud.clock.run();
    const start = cloud.clock.now;
    for (const [name, inputs] of Object.entries(rules))
      await testCloud.create(RULE, name, { name, ...inputs });
    await playSchedules(cloud);
    return { days: (cloud.clock.now - start) / DAY, notRehearsed: [...cloud.notRehearsed.keys()] };
  }

  it("goes on to the last of the next hours, however far it is", async () => {
    const near = { scheduleExpression: "rate(1 day)" };
    expect((await played({ near })).days).to.be.within(1, 1.1);
    const far = { scheduleExpression: "rate(300 days)" };
    expect((await played({ near, far })).days).to.be.within(300, 300.1);
  });

  it("waits for nothing without hours, and for no rule that is off", async () => {
    const off = { scheduleExpression: "rate(300 days)", state: "DISABLED" };
    const listening = { eventPattern: '{"source":["mine"]}' };
    expect((await played({ off, listening })).days).to.be.below(1);
  });

  it("says of a schedule that never comes again that it is not rehearsed", async () => {
    const past = { scheduleExpression: "cron(0 3 1 1 ? 2020)" };
    const { notRehearsed } = await played({ past });
    expect(notRehearsed).to.deep.equal([
      "rule past of 222222222222 in eu-central-1: no time is left at which it runs",
    ]);
  });

  it("says of what found no host anywhere that it shows nothing", async () => {
    const { cloud } = new TestCloud();
    const run = { account: "222222222222", region: "eu-central-1", status: "Success" } as const;
    cloud.reportScheduledRun({ ...run, name: "cf-idle", hosts: 0 });
    cloud.reportScheduledRun({ ...run, name: "cf-half", hosts: 0 });
    cloud.reportScheduledRun({ ...run, name: "cf-half", hosts: 2 });
    await playSchedules(cloud);
    expect([...cloud.notRehearsed.keys()]).to.deep.equal([
      "cf-idle: no host of the stack files fits its target",
    ]);
  });
});
