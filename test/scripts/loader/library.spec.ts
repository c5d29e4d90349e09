import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { libraryDocuments, readLibrary } from "../../../scripts/loader/library.js";
import { ScriptError } from "../../../scripts/loader/script.js";
import { inEmptyFolder } from "../../support/folder.js";

function write(files: Readonly<Record<string, string>>): void {
  mkdirSync("scripts");
  for (const [name, text] of Object.entries(files)) writeFileSync(`scripts/${name}`, text);
}

function problems(): string[] {
  try {
    readLibrary("scripts");
  } catch (error) {
    if (error instanceof ScriptError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("The library of scripts", () => {
  inEmptyFolder();

  it("makes one document of the scripts of a name", () => {
    write({
      "ports.sh": "# Lists ports.\nss -l\n",
      "ports.ps1": "# Lists ports.\nGet-NetTCPConnection\n",
      "disks.sh": "# Lists disks.\ndf\n",
      "script.ts": "no script",
    });
    const library = readLibrary("scripts");
    expect(
      library.map(({ name, description, linux, windows }) => [
        name,
        description,
        linux?.file,
        windows?.file,
      ]),
    ).to.deep.equal([
      ["disks", "Lists disks.", "scripts/disks.sh", undefined],
      ["ports", "Lists ports.", "scripts/ports.sh", "scripts/ports.ps1"],
    ]);
    const documents = libraryDocuments(library);
    expect(Object.keys(documents)).to.deep.equal(["disks", "ports"]);
    expect(documents["ports"]).to.include("Get-NetTCPConnection").and.include("ss -l");
  });

  it("reports everything that is wrong with any of them at once", () => {
    write({
      "Disks.sh": "# Lists disks.\ndf\n",
      "ports.ps1": "# Lists ports.\nGet-NetTCPConnection\n",
      "ports.sh": "# Lists the ports.\nss -l\n",
      "users.sh": "getent passwd $SSM_User\n",
      "uptime.sh": "uptime\n",
    });
    expect(problems()).to.deep.equal([
      'scripts/Disks.sh:1: expected a name of 1-40 letters a-z, digits or -, got "Disks"; a document is called after it',
      "scripts/users.sh:1: expected SSM_ with a parameter of the header (none yet), got SSM_User; declare it: # @parameter User <description>",
      "scripts/ports.sh:1: expected the description, the parameters and the fields of scripts/ports.ps1, as both are one document; make them the same",
      "scripts/uptime.sh:1: expected a comment at the top that says what the script does, got none",
    ]);
  });
});
