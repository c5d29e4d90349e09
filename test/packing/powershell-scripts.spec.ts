import { expect } from "chai";
import * as fs from "node:fs";
import { contentOf } from "../../packing/content.js";
import type { Variant } from "../../packing/variant.js";
import { parsePowerShell } from "../../scripts/loader/powershell/parser.js";
import { readVariant } from "../support/variants.js";

const windows = (variant: Partial<Variant> = {}): Map<string, string> => {
  const lines = {
    install: 'Copy-Item tool "$env:ProgramFiles\\tool\\"; exit 3010',
    uninstall: 'Remove-Item -Recurse "$env:ProgramFiles\\tool"',
  };
  const read = readVariant(
    { os: "windows", ...lines, ...variant },
    { tool: "1", "sub folder/it's": "2" },
  );
  return new Map([...contentOf(read)].map(([name, bytes]) => [name, bytes.toString()]));
};
const secrets = { TOKEN: "/tool/token", ALSO: "/tool/also" };

describe("The PowerShell scripts of a package (parsed; nothing here runs them)", () => {
  const variants: readonly [what: string, variant: Partial<Variant>][] = [
    ["as it mostly is", {}],
    ["with secrets", { secrets }],
    ["with a line of its own to validate", { validate: "Get-Service tool" }],
    ["whose lines name no path", { install: "exit 0", uninstall: "exit 0" }],
  ];
  for (const [what, variant] of variants) {
    it(`are PowerShell, of a package ${what}`, async () => {
      for (const [name, text] of windows(variant)) {
        if (!name.endsWith(".ps1")) continue;
        expect(await parsePowerShell(text.replace("\uFEFF", "")), name).not.to.have.any.keys(
          "problem",
          "unread",
        );
      }
    });
  }

  it("begin with a byte order mark and have CRLF, which Windows PowerShell 5.1 and Notepad need", () => {
    for (const [name, text] of windows({ install: "Write-Output 'Größe'" })) {
      if (!name.endsWith(".ps1")) continue;
      expect(text, name).to.match(/^\uFEFF[^\uFEFF]*\r\n$/);
      expect(text.replaceAll("\r\n", ""), name).not.to.match(/[\r\n]/);
    }
  });

  it("end with an exit code, whatever fails", () => {
    for (const name of ["install.ps1", "uninstall.ps1", "validate.ps1"]) {
      const text = windows().get(name) ?? "";
      expect(text, name).to.match(/^\uFEFF\$ErrorActionPreference = 'Stop'\r\n/);
      expect(text, name).to.match(
        /\r\n {2}exit [^\r]+\r\n\} catch \{\r\n {2}\[Console\]::Error\.WriteLine\("fleet: tool: \$_"\)\r\n {2}exit 1\r\n\}\r\n$/,
      );
    }
  });

  it("read secrets by name and only to install, and keep nothing of them but the version", () => {
    const scripts = windows({ secrets });
    expect(scripts.get("install.ps1")).to.include(
      "  $env:TOKEN = (Read-Parameter 'TOKEN' '/tool/token' $true).Value\r\n",
    );
    const version =
      "  \"secret TOKEN /tool/token \" + (Read-Parameter 'TOKEN' '/tool/token' $false).Version\r\n";
    for (const name of ["install.ps1", "validate.ps1"])
      expect(scripts.get(name)).to.include(version);
    expect(scripts.get("validate.ps1")).not.to.include("$true");
    expect(scripts.get("uninstall.ps1")).not.to.include("Read-Parameter");
  });

  it("look for files where the lines name a path, with variables of the environment filled in", () => {
    const script = windows({
      install:
        'Copy-Item tool \'C:\\Tools\\\'; & $env:windir\\x.exe; Copy-Item "it\'s" "$env:ProgramFiles\\A B"',
      uninstall:
        "Remove-Item \"${env:ProgramFiles(x86)}\\tool\", '$env:NotFilled\\tool', \\\\server\\share",
    }).get("install.ps1");
    expect(script).to.include(
      '  foreach ($path in @("$env:ProgramFiles\\A B", "$env:windir\\x.exe", "${env:ProgramFiles(x86)}\\tool", "C:\\Tools")) {\r\n' +
        "    foreach ($file in @('tool', 'sub folder\\it''s')) {\r\n",
    );
    expect(script).to.include('foreach ($path in @("${env:ProgramFiles(x86)}\\tool")) { if (');
  });
});

describe("fleet-facts.ps1", () => {
  const text = fs.readFileSync("packages/fleet-facts/fleet-facts.ps1", "utf8");
  const linux = fs.readFileSync("packages/fleet-facts/fleet-facts", "utf8");

  it("is PowerShell, in ASCII, so that Windows PowerShell 5.1 reads it without a byte order mark", async () => {
    expect(await parsePowerShell(text)).not.to.have.any.keys("problem", "unread");
    expect(text).to.match(/^[\n -~]*$/);
  });

  it("reports the same facts as its twin for Linux, by the same names", () => {
    const facts = /^facts="(.*)"$/m.exec(linux)?.[1]?.split(" ") ?? [];
    const collected = /^\$facts = (.*)$/m.exec(text)?.[1]?.replaceAll("'", "").split(", ");
    expect(facts).to.have.length(9);
    expect(collected).to.deep.equal(facts);
    for (const fact of facts) expect(text).to.include(`\n    '${fact}' {`);
    const fields =
      "release id version name totalBytes availableBytes mount sizeBytes usedBytes protocol port";
    for (const field of fields.split(" ")) {
      expect(linux).to.include(field);
      expect(text).to.include(`${field} = `);
    }
  });

  it("uses nothing that Windows PowerShell 5.1 has not", () => {
    // Operators of PowerShell 7: ?:, ??, ?., && and ||.
    expect(text).not.to.match(/\?\?|\?\.|&&|\|\||\s\?\s[^{]/);
    expect(text).not.to.match(/ConvertTo-Json.*-(AsArray|EscapeHandling|EnumsAsStrings)|-Parallel/);
  });
});
