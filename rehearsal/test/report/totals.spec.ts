import { expect } from "chai";
import type { HostReport } from "../../report/schema.js";
import { totalsOf } from "../../report/totals.js";

const host = (price: number, ready?: number): HostReport =>
  ({
    instanceId: "i-1",
    status: "Success",
    runs: [],
    price,
    ...(ready !== undefined && { ready }),
  }) as unknown as HostReport;

describe("the totals", () => {
  it("give the price of a host that is ready, and runs of no host apart", () => {
    const { price, pricePerReady, otherRuns, otherPrice } = totalsOf(
      [host(0.01, 60), host(0.03, 60), host(0.5)],
      [],
      [{ price: 0.0001 }, { price: 0.0002 }],
    );
    expect({ price, pricePerReady, otherRuns, otherPrice }).to.deep.equal({
      price: 0.54,
      pricePerReady: 0.02,
      otherRuns: 2,
      otherPrice: 0.0003,
    });
  });

  it("give no price of a ready host where there is none", () => {
    expect(totalsOf([host(0.5)], [])).not.to.have.property("pricePerReady");
  });
});
