import { expect } from "chai";
import { parsePowerShell } from "../../../../scripts/loader/powershell/parser.js";

describe("parsePowerShell", () => {
  const mistakes: readonly (readonly [script: string, at: string, message: string])[] = [
    [
      'Write-Host "a"\nif ($x -eq 1) {\n  Get-Item C:\\x\n',
      "2:15",
      "Missing closing '}' in statement block or type definition.",
    ],
    ["if ($a { 1 }", "1:4", "Missing closing ')' in expression."],
    ["[string $x", "1:1", "Missing ] at end of attribute or type literal."],
    ["Write-Host a\n}", "2:1", "Unexpected token '}' in expression or statement."],
    ['Write-Host "abc\nGet-Item', "1:12", 'The string is missing the terminator: ".'],
    ["Write-Host 'it''s", "1:12", "The string is missing the terminator: '."],
    ["$x = @'\nabc\n", "1:6", "The string is missing the terminator: '@."],
    ["<# never ends", "1:1", "The terminator '#>' is missing from the multiline comment."],
    ["try { 1 }", "1:1", "The Try statement is missing its Catch or Finally block."],
  ];
  for (const [script, at, message] of mistakes) {
    it(`finds at ${at} of ${JSON.stringify(script)}: ${message}`, async () => {
      const { problem } = await parsePowerShell(script);
      const [line, column] = at.split(":").map(Number);
      expect(problem).to.deep.include({ line, column, message });
    });
  }

  const right: readonly string[] = [
    "",
    "# it's (a comment\n<# with { #> Get-Date",
    'Write-Host "$(Get-Item ("a)")) and `" and """ \'it\'\'s\'',
    '@"\nneither " nor { ends it\n"@ | Out-Null',
    "C:\\Tools\\a#b.exe",
    'param([string]$Name = "x")\n',
    "function f {\n[CmdletBinding()]\nparam([Parameter(Mandatory)][string]$A)\nprocess { $_ } }",
    "try { 1 } catch [System.IO.IOException] { 2 } finally { 3 }",
    "git log --format=short -- file.txt",
    "Write-Host `{ `\n  -NoNewline",
    "& msiexec.exe /i $path /qn | Out-Null; if ($LASTEXITCODE -eq 3010) { exit 3010 }",
  ];
  for (const script of right) {
    it(`reads ${JSON.stringify(script)}`, async () =>
      expect(await parsePowerShell(script)).to.deep.equal({}));
  }

  it("does not call a mistake what only its own grammar does not know", async () => {
    const { problem, unread } = await parsePowerShell("Get-Date\ngit log --format=%h");
    expect(problem).to.equal(undefined);
    expect(unread).to.include({ line: 2, id: "UnexpectedToken" });
  });

  it("knows an exit code that every run comes to, and no other", async () => {
    expect(await parsePowerShell("Get-Date\nexit 3010\n")).to.deep.equal({ exitCode: 3010 });
    expect(await parsePowerShell("if ($a) { exit 0 }\nexit 3010")).to.deep.equal({});
    expect(await parsePowerShell("if ($a) { exit 3 }")).to.deep.equal({});
    expect(await parsePowerShell("exit $LASTEXITCODE")).to.deep.equal({});
  });
});
