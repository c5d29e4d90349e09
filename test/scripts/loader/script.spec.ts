import { expect } from "chai";
import type { ScriptPlatform } from "../../../scripts/loader/script.js";
import { platformOf, readScript, ScriptError } from "../../../scripts/loader/script.js";

const read = (content: string | Uint8Array, platform: ScriptPlatform = "linux") =>
  readScript("disk.sh", content, platform);

function problemsOf(content: string | Uint8Array, platform?: ScriptPlatform): string[] {
  try {
    read(content, platform);
  } catch (error) {
    if (error instanceof ScriptError) return error.message.split("\n");
    throw error;
  }
  return [];
}

const full = `#!/bin/sh
# shellcheck disable=SC2039
# Says which disks are fuller than they should be.
#
# @parameter Percent default=80 pattern=[0-9]{1,2} From here on a disk is full.
# @parameter Path default="/var/my data" Where to look.
# @parameter Note pattern="[a-z \\"]*" What to print before it.
set -eu
df "$SSM_Path" "$SSM_Percent" "\${SSM_Note}"
`;

describe("A script", () => {
  it("describes itself and its parameters in its header", () => {
    const { description, parameters, text, platform } = read(full);
    expect({ description, parameters, platform }).to.deep.equal({
      platform: "linux",
      description: "Says which disks are fuller than they should be.",
      parameters: [
        {
          name: "Percent",
          description: "From here on a disk is full.",
          default: "80",
          pattern: "[0-9]{1,2}",
        },
        { name: "Path", description: "Where to look.", default: "/var/my data" },
        { name: "Note", description: "What to print before it.", pattern: '[a-z "]*' },
      ],
    });
    expect(text).to.equal(full);
  });

  it("is the same whatever editor saved it", () => {
    const windows = `\uFEFF${full.replaceAll("\n", "\r\n")}\r\n\r\n`;
    expect(read(Buffer.from(windows)).text).to.equal(full);
  });

  it("needs no header", () => {
    expect(read("uptime")).to.deep.equal({
      file: "disk.sh",
      platform: "linux",
      text: "uptime\n",
      description: "",
      parameters: [],
      fields: [],
    });
  });

  it("in PowerShell has its header in the same comments, after what it requires", () => {
    const script = `#Requires -Version 5.1\n# Looks.\n# @parameter Days default=3 How far.\n$env:SSM_Days\n`;
    const { description, parameters } = read(script, "windows");
    expect(description).to.equal("Looks.");
    expect(parameters).to.deep.equal([{ name: "Days", description: "How far.", default: "3" }]);
  });

  it("has a platform by the ending of its name", () => {
    expect(["a.sh", "b.PS1", "c.py"].map(platformOf)).to.deep.equal([
      "linux",
      "windows",
      undefined,
    ]);
  });

  const write =
    "write # @parameter <Name> [default=<text>] [pattern=<regular expression>] <description>, with texts that hold blanks in double quotes";
  const refused: [what: string, script: string, ...problems: string[]][] = [
    ["that is empty", " \n\n", "1: expected a script, got an empty file"],
    [
      "whose parameter has a name that agents replace nowhere",
      "# @parameter MIN_DAYS Days.\n",
      `1: expected a name of 1-50 letters and digits, beginning with a letter, got "MIN_DAYS"; ${write}`,
    ],
    [
      "whose parameter is the document's own",
      "# @parameter ExecutionTimeout Seconds.\n",
      `1: expected a name of the script's own, got "ExecutionTimeout", which every document has; ${write}`,
    ],
    [
      "whose parameter says nothing",
      "# @parameter Days default=3\necho $SSM_Days",
      `1: expected a description of Days, got none; ${write}`,
      "2: expected SSM_ with a parameter of the header (none yet), got SSM_Days; declare it: # @parameter Days <description>",
    ],
    [
      "with a field that is none, one without a description, and one that is there twice",
      "# @field days left Days.\n# @field 1st First.\n# @field name\n# @field left Days.\n# @field left Days.\n",
      '2: expected a name of 1-64 letters, digits or _, got "1st"; write # @field <name> <description>',
      "3: expected a description of name, got none; write # @field <name> <description>",
      "5: expected each field once, got left again; write # @field <name> <description>",
    ],
    [
      "with a field further down",
      "uptime\n# @field days Days.\n",
      "2: expected @field among the comments at the top, got it further down; move it",
    ],
    [
      "with another tag",
      "# @param Days Days.\n",
      `1: expected @parameter or @field, got @param; ${write}`,
    ],
    [
      "with another field",
      "# @parameter Days min=3 Days.\n",
      `1: expected default= or pattern=, got min=; ${write}`,
    ],
    [
      "with a field twice",
      "# @parameter Days default=3 default=4 Days.\n",
      `1: expected default= once, got it again; ${write}`,
    ],
    [
      "with a default that its pattern refuses",
      "# @parameter Days default=x pattern=[0-9]+ Days.\n",
      `1: expected a default of Days that its pattern [0-9]+ lets through, got "x"; ${write}`,
    ],
    [
      "with a pattern that is none",
      "# @parameter Days pattern=[ Days.\n",
      `1: expected a regular expression as pattern of Days, got [; ${write}`,
    ],
    [
      "with a pattern that agents cannot check",
      "# @parameter Days pattern=(?!x).* Days.\n",
      `1: expected a pattern of Days without look-around and back-references, got (?!x).*; ${write}`,
    ],
    [
      "with a parameter twice",
      "# @parameter Days Days.\n# @parameter Days Days.\necho $SSM_Days",
      "2: expected each parameter once, got Days again",
    ],
    [
      "with a parameter further down",
      "true\n# @parameter Days Days.\n",
      "2: expected @parameter among the comments at the top, got it further down; move it",
    ],
    [
      "that does not read its parameter",
      "# @parameter Days Days.\necho $SSM_DAYS",
      "1: expected a use of SSM_Days, got none; the script reads the parameter so, or does not declare it",
      "2: expected SSM_ with a parameter of the header (Days), got SSM_DAYS; declare it: # @parameter DAYS <description>",
    ],
    [
      "with text that Systems Manager would replace",
      "docker ps --format '{{ .Names }}' '{{ssm:secret}}'",
      "1: expected no {{ .Names }}, which Systems Manager takes for a value of its own; join the two braces from two texts, or read a parameter as SSM_<name>",
      "1: expected no {{ssm:secret}}, which Systems Manager takes for a value of its own; join the two braces from two texts, or read a parameter as SSM_<name>",
    ],
  ];
  for (const [what, script, ...problems] of refused) {
    it(`is refused ${what}`, () => {
      expect(problemsOf(script)).to.deep.equal(problems.map((problem) => `disk.sh:${problem}`));
    });
  }

  it("is refused with a param block in PowerShell, but not for one of a function", () => {
    const inside = "function Get-It {\n  param($X)\n}\n";
    expect(problemsOf(inside, "windows")).to.deep.equal([]);
    expect(problemsOf(`${inside}Param ($X)\n`, "windows")).to.deep.equal([
      "disk.sh:4: expected no param block, as the agent gives a script no arguments; declare # @parameter <name> and read $env:SSM_<name>",
    ]);
  });

  it("is refused where its bytes are no UTF-8", () => {
    expect(problemsOf(Buffer.from("# Gr\xfc\xdfe\n", "latin1"))).to.deep.equal([
      "disk.sh:1: expected text in UTF-8, got other bytes; save it as UTF-8",
    ]);
  });
});
