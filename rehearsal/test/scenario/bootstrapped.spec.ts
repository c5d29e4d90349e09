import { expect } from "chai";
import { hasBootstrapped } from "../../scenario/bootstrapped.js";

type Run = Parameters<typeof hasBootstrapped>[0];
const run = (status: string, name: string, outputs: object): Run =>
  ({
    status,
    steps: [
      { name: "readIntent", outputs: {} },
      { name, outputs },
    ],
  }) as unknown as Run;

describe("hasBootstrapped", () => {
  const cases: [what: string, run: Run, bootstrapped: boolean][] = [
    ["recorded a success", run("Success", "record", { Payload: { Status: "Success" } }), true],
    ["found its instance gone", run("Success", "record", { Payload: { Status: "Gone" } }), false],
    ["lost to another run", run("Success", "record", { Payload: { Status: "Lost" } }), false],
    ["left the host to another run", run("Success", "whetherEnabled", {}), false],
    ["failed in its last step", run("Failed", "record", {}), false],
    ["failed all the same", run("Failed", "record", { Payload: { Status: "Success" } }), false],
  ];
  for (const [what, run, bootstrapped] of cases) {
    it(`is ${bootstrapped} of a run that ${what}`, () => {
      expect(hasBootstrapped(run)).to.equal(bootstrapped);
    });
  }
});
