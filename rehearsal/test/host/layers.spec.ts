import { expect } from "chai";
import { HostFileSystem } from "../../host/filesystem.js";

describe("HostFileSystem on a base", () => {
  const NOW = Date.UTC(2026, 0, 5);
  const base = new HostFileSystem(() => NOW);
  base.mkdirSync("/etc/sub", { recursive: true });
  for (const name of ["kept", "changed", "gone"]) base.writeFileSync(`/etc/${name}`, name);
  const disk = () => new HostFileSystem(() => NOW + 1000, base);

  it("has the base's files, with their times", async () => {
    expect(await disk().readFile("/etc/kept")).to.equal("kept");
    expect((await disk().stat("/etc/sub")).mtime).to.deep.equal(new Date(NOW));
  });

  it("keeps what is done on it from the base and from other disks", async () => {
    const one = disk();
    await one.writeFile("/etc/new", "new");
    await one.writeFile("/etc/changed", "otherwise");
    await one.rm("/etc/gone");
    await one.chmod("/etc/kept", 0o600);
    await one.utimes("/etc/sub", new Date(0), new Date(0));
    expect(await one.readdir("/etc")).to.deep.equal(["changed", "kept", "new", "sub"]);
    expect(await one.exists("/etc/gone")).to.equal(false);
    for (const other of [base, disk()]) {
      expect(await other.readdir("/etc")).to.deep.equal(["changed", "gone", "kept", "sub"]);
      expect(await other.readFile("/etc/changed")).to.equal("changed");
      expect((await other.stat("/etc/kept")).mode).to.equal(0o644);
      expect((await other.stat("/etc/sub")).mtime).to.deep.equal(new Date(NOW));
    }
  });

  it("takes a file anew that was deleted on it", async () => {
    const one = disk();
    await one.rm("/etc/gone");
    await one.writeFile("/etc/gone", "again");
    expect(await one.readFile("/etc/gone")).to.equal("again");
    await one.rm("/etc/gone");
    expect(await one.readdir("/etc")).to.deep.equal(["changed", "kept", "sub"]);
  });
});
