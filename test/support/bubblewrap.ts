import { BubblewrapShell, bubblewrapProblem } from "../../rehearsal/host/bubblewrap/shell.js";

/**
 * Bubblewrap for the tests of a `describe`. Where the machine cannot run it they are skipped with the reason, unless
 * `FLEET_REQUIRE_BUBBLEWRAP` is set.
 */
export function withBubblewrap(): { readonly shell: BubblewrapShell } {
  let open: BubblewrapShell | undefined;
  before(function () {
    const problem = bubblewrapProblem();
    if (problem === undefined) {
      open = new BubblewrapShell();
      return;
    }
    if (process.env["FLEET_REQUIRE_BUBBLEWRAP"]) throw new Error(problem);
    process.stderr.write(`      skipped: ${problem}\n`);
    this.skip();
  });
  after(() => open?.close());
  return {
    get shell() {
      if (open === undefined) throw new Error("bubblewrap is open while tests run only");
      return open;
    },
  };
}
