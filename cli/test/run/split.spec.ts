import { expect } from "chai";
import * as fc from "fast-check";
import type { Location } from "../../run/split.js";
import { MAX_ACCOUNTS_PER_LOCATION, MAX_LOCATIONS, split } from "../../run/split.js";

const account = fc.integer({ min: 100_000_000_000, max: 100_000_002_000 }).map(String);
const region = fc.constantFrom("eu-central-1", "eu-west-1", "us-east-1", "ap-south-1");
const locations = fc.uniqueArray(fc.record({ account, region }), {
  maxLength: 3000,
  selector: ({ account: id, region: at }) => `${id} ${at}`,
});
const bucketOf = (at: string) => (at === "us-east-1" ? "own" : "central");
const key = ({ account: id, region: at }: Location) => `${id} ${at}`;

describe("split", () => {
  it("has every account and Region once, within AWS's limits and with the Region's bucket", () => {
    fc.assert(
      fc.property(locations, (given) => {
        const starts = split(given, bucketOf);
        const back = starts.flatMap(({ bucket, entries }) =>
          entries.flatMap((entry) => {
            expect(bucketOf(entry.region)).to.equal(bucket);
            expect(entry.accounts).to.have.length.within(1, MAX_ACCOUNTS_PER_LOCATION);
            return entry.accounts.map((id) => key({ account: id, region: entry.region }));
          }),
        );
        for (const { entries } of starts) expect(entries).to.have.length.within(1, MAX_LOCATIONS);
        expect(back.sort()).to.deep.equal(given.map(key).sort());
      }),
      { numRuns: 50 },
    );
  });

  it("makes no more automations than needed", () => {
    const hosts = (count: number, at: string) =>
      Array.from({ length: count }, (_, index) => ({ account: String(index), region: at }));
    const shape = (given: readonly Location[]) =>
      split(given, bucketOf).map(({ entries }) => entries.map(({ accounts }) => accounts.length));
    expect(shape([])).to.deep.equal([]);
    expect(shape(hosts(51, "eu-west-1"))).to.deep.equal([[50, 1]]);
    expect(shape([...hosts(50, "eu-west-1"), ...hosts(1, "us-east-1")])).to.deep.equal([[50], [1]]);
    expect(shape(hosts(5001, "eu-west-1")).map(({ length }) => length)).to.deep.equal([100, 1]);
  });
});
