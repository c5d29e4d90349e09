import { expect } from "chai";
import { findFile, parseManifest } from "../../../host/plugins/package-manifest.js";

/** A manifest from lines `platform version architecture`, each with a file of that name. */
function manifest(...lines: readonly string[]) {
  const packages: Record<string, Record<string, Record<string, { file: string }>>> = {};
  const files: Record<string, { checksums: { sha256: string } }> = {};
  for (const line of lines) {
    const [platform = "", version = "", architecture = ""] = line.split(" ");
    ((packages[platform] ??= {})[version] ??= {})[architecture] = { file: line };
    files[line] = { checksums: { sha256: "" } };
  }
  return { version: "1.0.0", packages, files };
}

const HOST = { name: "amazon", version: "2023" };

describe("findFile", () => {
  const cases: readonly (readonly [
    fact: string,
    lines: readonly string[],
    host: { name: string; version: string },
    file: string,
  ])[] = [
    [
      "takes the exact platform, version and architecture",
      ["_any _any _any", "amazon 2023 x86_64"],
      HOST,
      "amazon 2023 x86_64",
    ],
    [
      "prefers the platform to _any",
      ["_any 2023 x86_64", "amazon _any _any"],
      HOST,
      "amazon _any _any",
    ],
    [
      "prefers the exact version to a prefix",
      ["ubuntu 22.* _any", "ubuntu 22.04 _any"],
      { name: "ubuntu", version: "22.04" },
      "ubuntu 22.04 _any",
    ],
    [
      "takes the longest prefix",
      ["redhat 8.* _any", "redhat 8.4.* _any", "redhat _any _any"],
      { name: "redhat", version: "8.4.1" },
      "redhat 8.4.* _any",
    ],
    [
      "takes a prefix that is the whole version",
      ["amazon 2023.* _any"],
      HOST,
      "amazon 2023.* _any",
    ],
    [
      "does not take a prefix of another part",
      ["amazon 20.* _any", "amazon _any _any"],
      HOST,
      "amazon _any _any",
    ],
    ["takes _any before *", ["amazon * _any", "amazon _any x86_64"], HOST, "amazon _any x86_64"],
    ["takes * where nothing else fits", ["amazon * _any", "amazon 2 _any"], HOST, "amazon * _any"],
    [
      "takes _any for the architecture",
      ["amazon 2023 arm64", "amazon 2023 _any"],
      HOST,
      "amazon 2023 _any",
    ],
  ];
  for (const [fact, lines, host, file] of cases) {
    it(fact, () => expect(findFile(manifest(...lines), host, "x86_64")).to.equal(file));
  }

  for (const [fact, lines] of [
    ["platform", ["windows _any _any"]],
    ["version", ["amazon 2 x86_64", "amazon 2018.* x86_64"]],
    ["architecture", ["amazon 2023 arm64"]],
    // A platform that is named hides _any, even where it has nothing for the host.
    ["version of the named platform", ["amazon 2 _any", "_any _any _any"]],
  ] as const) {
    it(`has nothing for another ${fact}`, () => {
      expect(() => findFile(manifest(...lines), HOST, "x86_64")).to.throw(
        "failed to find platform: no manifest found for platform: amazon, version 2023, architecture x86_64",
      );
    });
  }

  it("refuses a file that the manifest does not list", () => {
    const broken = { ...manifest("amazon 2023 x86_64"), files: {} };
    expect(() => findFile(broken, HOST, "x86_64")).to.throw("failed to find file");
  });
});

describe("parseManifest", () => {
  it("says in the agent's words that it is no JSON", () => {
    expect(() => parseManifest("{")).to.throw(/^failed to decode manifest: /);
  });
});
