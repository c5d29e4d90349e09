import { expect } from "chai";
import { machine, ports } from "../support.js";

describe("hostnamectl", () => {
  it("sets the name, which every command then prints, and the machine after the next start", async () => {
    const host = machine();
    const ran = await host.run(
      "hostnamectl set-hostname web-1 && hostname && uname -n && hostnamectl hostname && cat /proc/sys/kernel/hostname",
    );
    expect(ran).to.include({ stdout: "web-1\nweb-1\nweb-1\nweb-1\n", stderr: "", exitCode: 0 });
    expect(host.hostname).to.equal("ip-10-0-1-23");
    await host.reboot();
    expect(host.hostname).to.equal("web-1");
    expect((await host.run("hostname")).stdout).to.equal("web-1\n");
  });

  it("refuses what is no name, and reports what is not modelled", async () => {
    const world = ports();
    const host = machine(world);
    expect(await host.run("hostnamectl set-hostname 'a b'")).to.include({
      exitCode: 1,
      stderr: "Could not set static hostname: Invalid static hostname 'a b'\n",
    });
    await host.run("hostnamectl; hostnamectl --static set-hostname x");
    expect(world.met).to.deep.equal([
      "shell command: hostnamectl",
      "shell command: hostnamectl --static set-hostname x",
    ]);
  });
});
