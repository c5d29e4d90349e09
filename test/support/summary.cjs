// Mocha's spec reporter, which at the end also appends the run's counts to the file that
// FLEET_TEST_SUMMARY names: "passed failed skipped", one line per run, because `npm test` runs
// mocha more than once. Failed hooks count as failures, as mocha has it.
const { appendFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

module.exports = class Summary extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.FLEET_TEST_SUMMARY;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats;
      if (file) appendFileSync(file, `${passes} ${failures} ${pending}\n`);
    });
  }
};
