import { expect } from "chai";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layOut, placeOf, takeOver } from "../../../host/powershell/laid-out-disk.js";
import { WindowsDisk } from "../../../host/windows-disk.js";

describe("a Windows disk that is laid out as a folder", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fleet-disk-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const all = () => (readdirSync(folder, { recursive: true }) as string[]).sort();

  it("has each drive as a folder, and names as they were first given", () => {
    layOut(
      new WindowsDisk({
        "c:\\Tool\\a.txt": "1",
        "C:/TOOL/b.txt": "2",
        "d:\\Empty\\": "",
        "no drive": "",
      }),
      folder,
    );
    expect(all()).to.deep.equal(["C", "C/Tool", "C/Tool/a.txt", "C/Tool/b.txt", "D", "D/Empty"]);
    expect(readFileSync(join(folder, "C/Tool/b.txt"), "utf8")).to.equal("2");
  });

  it("never leads out of the folder", () => {
    expect(placeOf("C:\\a\\..\\..\\..\\etc\\passwd")).to.equal("C/etc/passwd");
    expect(placeOf("\\\\server\\share\\file")).to.equal(undefined);
    mkdirSync(join(folder, "C"));
    symlinkSync("/etc/passwd", join(folder, "C", "file"));
    symlinkSync("/etc", join(folder, "C", "folder"));
    symlinkSync("/etc", join(folder, "D"));
    const disk = new WindowsDisk();
    takeOver(disk, folder);
    expect(disk.content()).to.deep.equal([{ path: "C:" }]);
  });

  it("is taken over with what was written and without what was removed", async () => {
    const disk = new WindowsDisk({ "C:\\a\\old.txt": "1", "C:\\a\\kept.txt": "2" });
    layOut(disk, folder);
    rmSync(join(folder, "C/a/old.txt"));
    mkdirSync(join(folder, "C/b"));
    writeFileSync(join(folder, "C/b/new.txt"), "3");
    takeOver(disk, folder);
    expect(disk.list("C:").toSorted()).to.deep.equal(["C:\\a\\kept.txt", "C:\\b\\new.txt"]);
    expect(disk.read("C:\\b\\new.txt")).to.equal("3");
    expect(await disk.exists("C:\\a\\old.txt")).to.equal(false);
  });
});
