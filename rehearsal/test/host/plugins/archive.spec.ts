import { expect } from "chai";
import { zipSync } from "fflate";
import { unzip } from "../../../host/plugins/archive.js";
import { directoryName } from "../../../host/plugins/package-repository.js";
import { zip } from "../support.js";

describe("unzip", () => {
  const modes = (bytes: Uint8Array) =>
    Object.fromEntries(unzip(bytes).map(({ name, mode }) => [name, mode.toString(8)]));

  it("gives files the modes of an archive from Unix, less what root's umask takes", () => {
    expect(modes(zip({ a: "", b: "", c: "" }, { b: 0o777, c: 0o600 }))).to.deep.equal({
      a: "644",
      b: "755",
      c: "600",
    });
  });

  it("gives files of other archives 0644", () => {
    expect(
      modes(zipSync({ a: new Uint8Array(), "d/": new Uint8Array(), "d/b": new Uint8Array() })),
    ).to.deep.equal({ a: "644", "d/b": "644" });
  });

  it("refuses names that lead out of the folder", () => {
    expect(() => unzip(zip({ "../a": "" }))).to.throw("outside");
    expect(() => unzip(zip({ "/etc/a": "" }))).to.throw("outside");
  });
});

describe("directoryName", () => {
  it("leaves plain names and versions as they are", () => {
    for (const name of ["cf-package-tool", "1.0.0", "1.0.0-rc1"])
      expect(directoryName(name)).to.equal(name);
  });

  it("makes others of letters and a digest, with no more than 255 characters", () => {
    expect(directoryName("1_0")).to.equal("1_0");
    expect(directoryName("a/b")).to.match(/^_ab_3_[A-Z2-7]{52}====$/);
    expect(directoryName("..")).to.match(/^_--_2_/);
    expect(directoryName("x/".repeat(200))).to.have.lengthOf.at.most(255);
  });
});
