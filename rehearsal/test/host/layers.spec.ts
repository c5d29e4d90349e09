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
    const original = disk();
    await original.writeFile("/etc/new", "new");
    await original.writeFile("/etc/changed", "otherwise");
    await original.rm("/etc/gone");
    await original.chmod("/etc/kept", 0o600);
    await original.utimes("/etc/sub", new Date(0), new Date(0));
    expect(await original.readdir("/etc")).to.deep.equal(["changed", "kept", "new", "sub"]);
    expect(await original.exists("/etc/gone")).to.equal(false);
    for (const other of [base, disk()]) {
      expect(await other.readdir("/etc")).to.deep.equal(["changed", "gone", "kept", "sub"]);
      expect(await other.readFile("/etc/changed")).to.equal("changed");
      expect((await other.stat("/etc/kept")).mode).to.equal(0o644);
      expect((await other.stat("/etc/sub")).mtime).to.deep.equal(new Date(NOW));
    }
  });

  it("takes a file anew that was deleted on it", async () => {
    const original = disk();
    await original.rm("/etc/gone");
    await original.writeFile("/etc/gone", "again");
    expect(await original.readFile("/etc/gone")).to.equal("again");
    await original.rm("/etc/gone");
    expect(await original.readdir("/etc")).to.deep.equal(["changed", "kept", "sub"]);
  });
});
