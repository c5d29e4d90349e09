import { expect } from "chai";
import { WindowsDisk } from "../../host/windows-disk.js";

describe("WindowsDisk", () => {
  it("takes names in any case and with either slash", async () => {
    const disk = new WindowsDisk({ "C:\\Tool\\Read me.txt": "hello" });
    expect(disk.read("c:/tool/READ ME.TXT")).to.equal("hello");
    expect(await disk.exists("C:\\TOOL")).to.equal(true);
    expect(await disk.exists("C:\\Tools")).to.equal(false);
  });

  it("leaves a byte order mark out of a text", () => {
    expect(new WindowsDisk({ "C:\\a.ps1": "\uFEFFexit 0" }).read("C:\\a.ps1")).to.equal("exit 0");
  });

  it("forgets a folder with all that is below it, and nothing beside it", async () => {
    const disk = new WindowsDisk({ "C:\\a\\b\\c.txt": "1", "C:\\a\\bc.txt": "2", "C:\\d\\": "" });
    await disk.rm("C:/a/b");
    expect(disk.list("C:\\a")).to.deep.equal(["C:\\a\\bc.txt"]);
    expect(await disk.exists("C:\\a\\b")).to.equal(false);
    expect(await disk.exists("C:\\d")).to.equal(true);
  });
});
