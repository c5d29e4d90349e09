import { expect } from "chai";
import type { ManifestFile } from "../../../components/packages/manifest.js";
import { manifestOf } from "../../../components/packages/manifest.js";
import { linuxPlatforms } from "../../../packing/variant.js";

const zip = (os: ManifestFile["os"], architecture: ManifestFile["architecture"]): ManifestFile => ({
  os,
  architecture,
  file: `tool-${os}-${architecture}.zip`,
  sha256: `${os} ${architecture}`,
});

describe("A package's manifest", () => {
  it("is what Distributor reads", () => {
    expect(manifestOf("1.0.0", [zip("windows", "x86_64")])).to.deep.equal({
      schemaVersion: "2.0",
      version: "1.0.0",
      packages: { windows: { _any: { x86_64: { file: "tool-windows-x86_64.zip" } } } },
      files: { "tool-windows-x86_64.zip": { checksums: { sha256: "windows x86_64" } } },
    });
  });

  it("offers a build for linux to every Linux platform, in any version", () => {
    const { packages } = manifestOf("1.0.0", [zip("linux", "_any")]);
    const everywhere = { _any: { _any: { file: "tool-linux-_any.zip" } } };
    expect(packages).to.deep.equal(
      Object.fromEntries(linuxPlatforms.map((platform) => [platform, everywhere])),
    );
  });

  it("prefers a build for a platform to one for linux, and keeps the latter for other processors", () => {
    const { packages } = manifestOf("1.0.0", [
      zip("ubuntu", "x86_64"),
      zip("linux", "x86_64"),
      zip("linux", "arm64"),
    ]);
    expect(packages["ubuntu"]).to.deep.equal({
      _any: {
        x86_64: { file: "tool-ubuntu-x86_64.zip" },
        arm64: { file: "tool-linux-arm64.zip" },
      },
    });
    expect(packages["amazon"]?._any.x86_64).to.deep.equal({ file: "tool-linux-x86_64.zip" });
  });

  it("has the same bytes whatever the order of the config", () => {
    const files = [zip("windows", "x86_64"), zip("ubuntu", "arm64"), zip("linux", "_any")];
    const bytes = (ordered: readonly ManifestFile[]) =>
      JSON.stringify(manifestOf("1.0.0", ordered));
    expect(bytes(files)).to.equal(bytes([...files].reverse()));
  });
});
