import { expect } from "chai";
import { readStackContent } from "../../lib/stack-file.js";

const read = (text: string | Buffer) => readStackContent(Buffer.from(text), "fleet");

/** `line: reason` of everything that is wrong. */
const problemsOf = (text: string | Buffer): string[] =>
  read(text).problems.map(({ line, reason }) => `${line}: ${reason}`);

const latin1 = (text: string) => Buffer.from(text, "latin1");

/** Each file with everything that is reported about it, as Pulumi 3.245.0 reads them. */
const wrong: readonly [what: string, text: string | Buffer, problems: readonly string[]][] = [
  [
    "a comment that is no UTF-8",
    latin1("# für\nconfig:\n  fleet:role: log\n"),
    ["1: expected UTF-8, found other bytes, at the \uFFFD in: # f\uFFFDr; save it as UTF-8"],
  ],
  [
    "a value that is no UTF-8",
    latin1("config:\r\n  fleet:vpc: prüf\r\n"),
    [
      "2: expected UTF-8, found other bytes, at the \uFFFD in: fleet:vpc: pr\uFFFDf; save it as UTF-8",
    ],
  ],
  [
    "a file of PowerShell's >",
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("config:\n", "utf16le")]),
    ["1: expected UTF-8, found UTF-16; save it as UTF-8"],
  ],
  [
    "a tab",
    "config:\n\tfleet:role: log\n",
    ["2: expected YAML: Tabs are not allowed as indentation"],
  ],
  [
    "a key twice",
    "config:\n  fleet:role: log\n  fleet:role: member\n",
    ["3: expected YAML: Map keys must be unique"],
  ],
  [
    "a star without quotes",
    "config:\n  fleet:runAccounts: [*]\n",
    ['2: expected a star in quotes; write "*"'],
  ],
  [
    "an alias of nothing",
    "config:\n  fleet:role: log\n  fleet:vpc: *main\n",
    [
      "3: expected an anchor &main further up, found none for *main; put it in quotes where a text is meant",
    ],
  ],
  [
    "a tag of another program",
    "config:\n  fleet:vpc: !Ref vpc\n",
    ["2: expected YAML: Unresolved tag: !Ref"],
  ],
  [
    "two documents",
    "config: {}\n---\nconfig: {}\n",
    ["2: expected one YAML document, found a second one after ---; remove it"],
  ],
  ["a list", "- fleet:role: log\n", ["1: expected config: with settings below it"]],
  [
    "settings in a list",
    "config:\n  - fleet:role: log\n",
    ["1: config: expected settings by key, such as fleet:role: log"],
  ],
  [
    "settings that are not indented",
    "config:\nfleet:role: log\n",
    [
      "2: fleet:role: expected config: and settings below it, found a key beside it, which nobody reads; indent it below config:",
    ],
  ],
  [
    "a misspelt config",
    "conifg:\n  fleet:role: log\n",
    [
      '1: conifg: expected config: and settings below it, found a key beside it, which nobody reads; did you mean "config"?',
    ],
  ],
  [
    "a key without a namespace",
    "config:\n  fleet:hosts: {}\n  vpc: main\n",
    ["3: vpc: expected a namespace, found none; write fleet:vpc"],
  ],
  [
    "an encrypted value, also within another",
    "config:\n  fleet:vpc: { secure: AAAB }\n  fleet:hosts: { web: { subnet: { secure: AAAB } } }\n",
    [
      "2: fleet:vpc: expected a plain value, found one that is encrypted and only Pulumi reads; no setting here is secret",
      "3: fleet:hosts: expected a plain value, found one that is encrypted and only Pulumi reads; no setting here is secret",
    ],
  ],
  [
    "numbers that Pulumi reads as others",
    "config:\n  fleet:account: 012345670123\n  fleet:x: [012345678901, 1_000, 0b11]\n",
    [
      '2: expected quotes around 012345670123, which Pulumi reads as a number of base 8; write "012345670123"',
      '3: expected quotes around 012345678901, which Pulumi reads as a number, without its first 0; write "012345678901"',
      '3: expected quotes around 1_000, which Pulumi reads as a number, without its _; write "1_000"',
      '3: expected quotes around 0b11, which Pulumi reads as a number of base 2; write "0b11"',
    ],
  ],
  [
    "a version that is a date",
    "config:\n  fleet:packages:\n    - version: 2026-01-31\n",
    [
      '3: expected quotes around 2026-01-31, which Pulumi reads as a moment in time; write "2026-01-31"',
    ],
  ],
];

describe("A stack's file", () => {
  for (const [what, text, problems] of wrong) {
    it(`is refused with ${what}, with the line`, () => {
      expect(problemsOf(text)).to.deep.equal(problems);
    });
  }

  it("is read as Pulumi reads it", () => {
    const text = [
      "\uFEFF# byte order mark, carriage returns, a merged anchor",
      "encryptionsalt: v1:x",
      "config:",
      "  fleet:account: 222222222222",
      "  fleet:tmpDays: 9",
      '  fleet:vpc: "012"',
      "  fleet:hosts:",
      "    web: &web { platform: linux, enabled: true, on: yes }",
      "    two: { <<: *web, version: 1.10 }",
      "",
    ].join("\r\n");
    expect(read(text)).to.deep.equal({
      config: {
        "fleet:account": "222222222222",
        "fleet:tmpDays": "9",
        "fleet:vpc": "012",
        "fleet:hosts": {
          web: { platform: "linux", enabled: true, on: "yes" },
          two: { platform: "linux", enabled: true, on: "yes", version: 1.1 },
        },
      },
      problems: [],
      warnings: [],
    });
  });

  it("may be empty, or have no settings", () => {
    for (const text of ["", "# nothing\n", "config:\n", "config: {}\n"])
      expect(read(text)).to.deep.equal({ config: {}, problems: [], warnings: [] });
  });

  it("reports a key without a value, which Pulumi takes for an empty text", () => {
    const { config, problems, warnings } = read("config:\n  fleet:role: log\n  fleet:hosts:\n");
    expect(config).to.deep.equal({ "fleet:role": "log", "fleet:hosts": "" });
    expect(problems).to.deep.equal([]);
    expect(warnings).to.deep.equal([
      {
        line: 3,
        reason:
          'fleet:hosts: expected a value, found none, which Pulumi takes for ""; write one, or remove the key',
      },
    ]);
  });

  it("reports that an environment's settings are not read", () => {
    expect(read("environment: [aws]\nconfig: {}\n").warnings).to.deep.equal([
      {
        line: 1,
        reason:
          "environment: what it imports from Pulumi ESC is not read; only the settings of this file are",
      },
    ]);
  });
});
