import { expect } from "chai";
import * as fc from "fast-check";
import { chunks, groupBy } from "../../lib/lists.js";

describe("chunks", () => {
  it("keep all items in their order, in as few pieces as the size lets", () => {
    const sizes = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(fc.array(fc.integer()), sizes, (items, size) => {
        const pieces = chunks(items, size);
        expect(pieces.flat()).to.deep.equal(items);
        expect(pieces).to.have.length(Math.ceil(items.length / size));
        for (const piece of pieces) expect(piece.length).to.be.within(1, size);
      }),
    );
  });
});

describe("groupBy", () => {
  it("has every item once, under its key, in the order of the list", () => {
    expect([...groupBy(["b1", "a1", "b2"], (item) => item.charAt(0))]).to.deep.equal([
      ["b", ["b1", "b2"]],
      ["a", ["a1"]],
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (items) => {
        const groups = groupBy(items, (item) => String(item % 3));
        expect([...groups.values()].flat().sort()).to.deep.equal([...items].sort());
        for (const [key, group] of groups) {
          expect(group).to.deep.equal(items.filter((item) => String(item % 3) === key));
        }
      }),
    );
  });
});
