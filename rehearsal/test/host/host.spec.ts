import { expect } from "chai";
import { hardwareOf } from "../../host/hardware.js";
import { Host } from "../../host/host.js";
import { detectPlatform } from "../../host/platform.js";
import { instance, ports, WINDOWS_SERVER } from "./support.js";

describe("Host", () => {
  it("answers questions without letting time pass", async () => {
    const world = ports();
    const ran = await new Host(instance(), world).run("sleep 60; date +%T");
    expect(ran).to.deep.equal({ stdout: "08:00:00\n", stderr: "", exitCode: 0, timedOut: false });
    expect(world.clock.now).to.equal(Date.UTC(2026, 0, 5, 8));
  });

  it("says that it does not rehearse what runs on Windows", async () => {
    const host = new Host(instance({ os: WINDOWS_SERVER }), ports());
    const error = await host.run("dir").catch((reason: unknown) => reason);
    expect(error).to.have.property("message").that.includes("not rehearsed: Windows hosts");
    expect(host.name).to.equal("EC2AMAZ-AAAAAA1.WORKGROUP");
    expect(await host.platform()).to.deep.equal({
      name: "windows",
      version: "10.0.20348",
      family: "windows",
      packageManager: "windows",
      initSystem: "windows",
    });
  });
});

describe("detectPlatform", () => {
  const cases: readonly (readonly [osRelease: string, words: string])[] = [
    ['ID="amzn"\nVERSION_ID="2023"', "amazon 2023 rhel yum"],
    ["ID=ubuntu\nVERSION_ID='22.04'", "ubuntu 22.04 debian apt"],
    ['ID="rhel"\nVERSION_ID="9.4"', "redhat 9.4 rhel yum"],
    ['ID="sles"\nVERSION_ID="15.5"', "suse 15.5 suse zypper"],
    ["ID=void", "void   "],
  ];
  for (const [osRelease, words] of cases) {
    it(`makes "${words}" of ${JSON.stringify(osRelease)}`, () => {
      const { name, version, family, packageManager } = detectPlatform(osRelease);
      expect(`${name} ${version} ${family} ${packageManager}`).to.equal(words);
    });
  }
});

describe("hardwareOf", () => {
  for (const [type, memoryMiB, processors] of [
    ["t3.nano", 512, 2],
    ["t4g.micro", 1024, 2],
    ["t3.2xlarge", 32_768, 8],
    ["m7i.large", 8192, 2],
    ["c7g.xlarge", 8192, 4],
    ["r6i.4xlarge", 131_072, 16],
    ["m6g.medium", 4096, 1],
  ] as const) {
    it(`knows ${type}`, () => expect(hardwareOf(type)).to.deep.equal({ memoryMiB, processors }));
  }
});
