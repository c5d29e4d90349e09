import { expect } from "chai";
import { table } from "../table.js";

describe("table", () => {
  it("lines texts up under their heads, without blanks at the ends", () => {
    expect(
      table(
        ["name", "version"],
        [
          ["a", "1.0.0"],
          ["longer", "2"],
        ],
        false,
      ),
    ).to.equal("name    version\na       1.0.0\nlonger  2\n");
  });

  it("is never wider than 100 columns, and loses nothing", () => {
    const [word, sentence] = ["x".repeat(150), "some words ".repeat(20).trim()];
    const text = table(["a", "b", "c"], [[word, sentence, "end"]], false);
    expect(Math.max(...text.split("\n").map((line) => line.length))).to.be.at.most(100);
    expect(text.match(/x/g)).to.have.lengthOf(150);
    expect(text.match(/some/g)).to.have.lengthOf(20);
    expect(text).to.include("end");
  });

  it("has bold heads on a terminal only", () => {
    expect(table(["a"], [["b"]], true)).to.equal("\u001b[1ma\u001b[22m\nb\n");
    expect(table(["a"], [["b"]], false)).to.equal("a\nb\n");
  });

  it("leaves the first columns whole where it is asked to", () => {
    const id = "i".repeat(60);
    const text = table(["ID", "WHAT"], [[id, "w".repeat(60)]], false, 1);
    expect(text.split("\n")[1]).to.equal(`${id}  ${"w".repeat(38)}`);
  });
});
