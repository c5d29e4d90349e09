import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ENTRY = `    - name: tool
      version: 1.0.0
      executable: tools/tool
      os: linux
      architecture: _any
      install: cp tool /usr/local/bin/ # where PATH finds it
      uninstall: rm -f /usr/local/bin/tool
      share:
        - "222222222222"
`;

export const LOG = `# The central account.
config:
  fleet:role: log
  fleet:account: "111111111111"
  fleet:regions:
    - eu-central-1
  fleet:packages:
${ENTRY}`;

/** Adding an account that the document is shared with already. */
export const TOOL = [
  ...["packages", "add", "tools/tool", "--name", "tool", "--version", "1.0.0"],
  ...["--os", "linux", "--arch", "_any", "--share", "222222222222"],
  ...["--install", "cp tool /usr/local/bin/", "--uninstall", "rm -f /usr/local/bin/tool"],
];

/** The same with other options. */
export const tool = (options: Readonly<Record<string, string>> = {}, file = "tools/tool") => {
  const args = TOOL.map((arg) => (arg === "tools/tool" ? file : arg));
  for (const [option, value] of Object.entries(options)) {
    const at = args.indexOf(`--${option}`);
    if (at < 0) args.push(`--${option}`, value);
    else args[at + 1] = value;
  }
  return args;
};

/** A project with one package, in a separate folder while the tests of a `describe` run. */
export function inProject(): { readonly folder: string; read(file: string): string } {
  let folder = "";
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-cli-"));
    fs.mkdirSync(path.join(folder, "tools"));
    fs.writeFileSync(path.join(folder, "tools/tool"), "#!/bin/sh\necho tool\n");
    fs.writeFileSync(path.join(folder, "Pulumi.log.yaml"), LOG);
    fs.writeFileSync(
      path.join(folder, "Pulumi.member.yaml"),
      'config:\n  fleet:role: member\n  fleet:account: "222222222222"\n  fleet:regions: [eu-central-1]\n',
    );
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));
  return {
    get folder() {
      return folder;
    },
    read: (file) => fs.readFileSync(path.join(folder, file), "utf8"),
  };
}
