import { expect } from "chai";
import { manifestOf } from "../../components/packages/manifest.js";
import { contentOf } from "../../packing/content.js";
import type { Architecture, Os, ReadVariant } from "../../packing/variant.js";
import type { OperatingSystem } from "../../rehearsal/kernel/instance.js";
import { configurePackage } from "../../rehearsal/host/plugins/configure-package.js";
import {
  AMAZON_LINUX,
  FakeAgent,
  PACKAGE_ARN,
  sha256,
  zip,
} from "../../rehearsal/test/host/support.js";
import { readVariant } from "../support/variants.js";

const WINDOWS: OperatingSystem = {
  platformType: "Windows",
  platformName: "Microsoft Windows Server 2022 Datacenter",
  platformVersion: "10.0.20348",
  architecture: "x86_64",
};
const ARM: OperatingSystem = { ...AMAZON_LINUX, architecture: "arm64" };

/** A variant that says which one it is. */
function variant(os: Os, architecture: Architecture): ReadVariant {
  const install =
    os === "windows"
      ? "Copy-Item tool C:\\tool"
      : `mkdir -p /opt && echo ${os}/${architecture} > /opt/variant && cp tool /usr/local/bin/`;
  return readVariant({ os, architecture, install, uninstall: "exit 0" });
}

/** Serves variants as one document, as the factory publishes them, to a host of its own. */
async function install(
  os: OperatingSystem,
  ...variants: readonly ReadVariant[]
): Promise<{ agent: FakeAgent; status: string; stderr: string }> {
  const attachments: Record<string, Uint8Array> = {};
  const files = variants.map((read) => {
    const { os, architecture } = read.variant;
    const file = `tool-${os}-${architecture}.zip`;
    const texts = [...contentOf(read)].map(([name, bytes]) => [name, bytes.toString()] as const);
    const bytes = zip(Object.fromEntries(texts));
    attachments[file] = bytes;
    return { os, architecture, file, sha256: sha256(bytes) };
  });
  const agent = new FakeAgent({ os });
  agent.serve({ manifest: manifestOf("1.0.0", files), attachments });
  const inputs = { name: PACKAGE_ARN, action: "Install", version: "" };
  const { status, stderr } = await configurePackage(inputs, agent);
  return { agent, status, stderr };
}

const everywhere = [
  variant("linux", "x86_64"),
  variant("linux", "arm64"),
  variant("windows", "x86_64"),
];

describe("The variants of a package, one document", () => {
  const chosen: readonly [string, OperatingSystem, readonly ReadVariant[], string][] = [
    ["x86_64", AMAZON_LINUX, everywhere, "linux/x86_64"],
    ["arm64", ARM, everywhere, "linux/arm64"],
    [
      "a platform with an entry of its own",
      ARM,
      [...everywhere, variant("amazon", "arm64")],
      "amazon/arm64",
    ],
    [
      "another processor of a platform with an entry of its own",
      AMAZON_LINUX,
      [...everywhere, variant("amazon", "arm64")],
      "linux/x86_64",
    ],
    [
      "a processor where there is one variant for all",
      ARM,
      [variant("linux", "_any"), variant("linux", "x86_64")],
      "linux/_any",
    ],
    [
      "a processor with an entry of its own beside one for all",
      AMAZON_LINUX,
      [variant("linux", "_any"), variant("linux", "x86_64")],
      "linux/x86_64",
    ],
  ];
  for (const [what, os, variants, expected] of chosen) {
    it(`gives ${what} its own`, async () => {
      const { agent, status } = await install(os, ...variants);
      expect(status).to.equal("Success");
      expect((await agent.host.run("cat /opt/variant")).stdout).to.equal(`${expected}\n`);
    });
  }

  it("gives Windows its own, whose scripts are parsed", async () => {
    const { agent, status, stderr } = await install(WINDOWS, ...everywhere);
    expect({ status, stderr }).to.deep.equal({ status: "Success", stderr: "" });
    expect(agent.reported.filter((text) => /downloaded/.test(text))).to.have.length(1);
    expect(agent.reported[0]).to.match(/^info: downloaded tool-windows-x86_64\.zip /);
    expect(agent.reported.join("\n")).to.match(/install\.ps1 of cf-package-tool 1\.0\.0/);
  });

  it("fails on a host that none is for, with what the host is", async () => {
    const forWindows = await install(AMAZON_LINUX, variant("windows", "x86_64"));
    expect(forWindows).to.include({
      status: "Failed",
      stderr:
        "failed to find platform: no manifest found for platform: amazon, version 2023, architecture x86_64\n",
    });
    const forArm = await install(AMAZON_LINUX, variant("linux", "arm64"));
    expect(forArm.stderr).to.include("platform: amazon, version 2023, architecture x86_64");
  });
});

describe("The largest package", () => {
  it("has a manifest of far less than the 64 KB that SSM takes", () => {
    const systems: Os[] = ["linux", "windows", "amazon", "ubuntu", "opensuseleap"];
    const architectures: Architecture[] = ["x86_64", "arm64", "386", "_any"];
    const files = systems.flatMap((os) =>
      architectures.map((architecture) => ({
        os,
        architecture,
        file: `${"n".repeat(84)}-${os}-${architecture}.zip`,
        sha256: "f".repeat(64),
      })),
    );
    expect(files).to.have.length(20);
    expect(JSON.stringify(manifestOf("v".repeat(128), files)).length).to.be.lessThan(16 * 1024);
  });
});
