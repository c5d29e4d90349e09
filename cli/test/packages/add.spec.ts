import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { add } from "../../packages/add.js";
import type { Bucket } from "../../packages/upload.js";
import { fleet } from "../support.js";
import { inProject, LOG, tool } from "./project.js";

type Lock = Record<string, Record<string, Record<string, string>>>;

describe("fleet packages add", function () {
  this.timeout(20_000);
  const project = inProject();
  const run = (args: readonly string[]) => fleet(project.folder, args);
  const stack = () => project.read("Pulumi.log.yaml");
  const locked = () =>
    Object.entries(JSON.parse(project.read("packages.lock.json")) as Lock).map(
      ([name, versions]) => [
        name,
        Object.entries(versions).map(([v, variants]) => [v, Object.keys(variants)]),
      ],
    );
  /** What a refusal leaves: nothing. */
  const untouched = (...also: string[]) => {
    expect(stack()).to.equal(LOG);
    expect(fs.readdirSync(project.folder).sort()).to.deep.equal(
      ["Pulumi.log.yaml", "Pulumi.member.yaml", "tools", ...also].sort(),
    );
  };

  it("adds a package to the stack's file and to the lock", async () => {
    const given = tool({ name: "other", share: "333333333333, 222222222222" });
    expect(await run(given)).to.deep.equal({
      code: 0,
      errors: "",
      out: [
        "Pulumi.log.yaml: added other 1.0.0 for linux/_any",
        "packages.lock.json: added tool 1.0.0",
        "packages.lock.json: added other 1.0.0\n",
      ].join("\n"),
    });
    expect(stack()).to.equal(
      `${LOG}    - name: other
      version: 1.0.0
      executable: tools/tool
      os: linux
      architecture: _any
      install: cp tool /usr/local/bin/
      uninstall: rm -f /usr/local/bin/tool
      share:
        - "333333333333"
        - "222222222222"
`,
    );
    expect(locked()).to.deep.equal([
      ["other", [["1.0.0", ["linux/_any"]]]],
      ["tool", [["1.0.0", ["linux/_any"]]]],
    ]);
  });

  it("changes nothing the second time", async () => {
    await run(tool());
    const lock = project.read("packages.lock.json");
    expect(await run(tool())).to.deep.equal({
      code: 0,
      errors: "",
      out: "nothing to change: it is there already\n",
    });
    expect([stack(), project.read("packages.lock.json")]).to.deep.equal([LOG, lock]);
  });

  it("reports what it did as data", async () => {
    const { out } = await run([...tool(), "--json"]);
    expect(JSON.parse(out)).to.deep.equal({ changes: ["packages.lock.json: added tool 1.0.0"] });
  });

  it("refuses other content under a version that is known, and writes nothing", async () => {
    await run(tool());
    const lock = project.read("packages.lock.json");
    const { code, out, errors } = await run(tool({ install: "cp tool /usr/bin/" }));
    expect([code, out]).to.deep.equal([1, ""]);
    expect(errors).to.equal(
      "1 problem in the packages\n  packages.lock.json: the content of tool 1.0.0 (linux/_any) changed without a change of version; hosts that have 1.0.0 would never get it: raise the version, or restore the content; if 1.0.0 was never deployed, delete its lines in packages.lock.json and run this again\n",
    );
    untouched("packages.lock.json");
    expect(project.read("packages.lock.json")).to.equal(lock);
  });

  it("refuses a further variant under a version that is known, for the manifest would change", async () => {
    await run(tool());
    const { code, errors } = await run(tool({ os: "windows" }));
    expect(code).to.equal(1);
    expect(errors).to.include("the content of tool 1.0.0 (windows/_any) changed");
    untouched("packages.lock.json");
  });

  it("adds a variant with a new version, which the other variants follow", async () => {
    await run(tool());
    const { code, out } = await run(tool({ version: "1.1.0", arch: "arm64" }));
    expect([code, out]).to.deep.equal([
      0,
      [
        "Pulumi.log.yaml: added tool 1.1.0 for linux/arm64",
        "Pulumi.log.yaml: raised tool 1.0.0 for linux/_any to 1.1.0 with it",
        "packages.lock.json: added tool 1.1.0\n",
      ].join("\n"),
    ]);
    expect(stack()).to.include("      install: cp tool /usr/local/bin/ # where PATH finds it\n");
    expect(stack().match(/version: 1\.1\.0/g)).to.have.length(2);
    expect(locked()).to.deep.equal([
      [
        "tool",
        [
          ["1.0.0", ["linux/_any"]],
          ["1.1.0", ["linux/_any", "linux/arm64"]],
        ],
      ],
    ]);
  });

  it("shares a package with other accounts without a new version", async () => {
    await run(tool());
    const { code, out } = await run(tool({ share: "*" }));
    expect([code, out]).to.deep.equal([0, "Pulumi.log.yaml: changed tool 1.0.0 for linux/_any\n"]);
    expect(stack()).to.include('      share: "*"\n');
  });

  it("reports all problems at once, in the words of the program, and writes nothing", async () => {
    const { code, errors } = await run(
      tool({ version: "1", os: "beos", share: "12" }, "tools/none"),
    );
    expect(code).to.equal(1);
    const keys = errors.split("\n").flatMap((line) => /^ {2}(fleet:\S+):/.exec(line)?.[1] ?? []);
    for (const field of ["version", "executable", "os", "share"])
      expect(
        keys.filter((key) => key.endsWith(`.${field}`)),
        field,
      ).to.not.be.empty;
    untouched();
  });

  for (const [what, args, error] of [
    [
      "a stack that there is not",
      { stack: "prod" },
      "--stack prod: expected a stack, found no Pulumi.prod.yaml\n",
    ],
    [
      "a stack without packages",
      { stack: "member" },
      // The folder of the tests has not the files that a member names.
      "3 problems in the configuration\n  fleet:packages: expected only in a stack of role log",
    ],
    ["a secret without a name", { secret: "/a" }, '--secret: expected NAME=/parameter, got "/a"\n'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { code, errors } = await run(tool(args));
      expect(code).to.equal(1);
      expect(errors.slice(0, error.length)).to.equal(error);
      untouched();
    });
  }

  it("refuses lines that do not parse, all at once, before a host runs them", async () => {
    const given = tool({ name: "other", install: "if then", validate: "test -x (" });
    const { code, errors } = await run(given);
    expect(code).to.equal(1);
    expect(errors.split("\n").map((line) => line.replace(/column.*/, "column"))).to.deep.equal([
      "2 problems in the packages",
      '  --install: expected a line of shell, got "if then"; column',
      '  --validate: expected a line of shell, got "test -x ("; column',
      "",
    ]);
    untouched();
    const windows = tool({ name: "other", os: "windows", install: "if (" }, "tools/tool");
    expect((await run(windows)).errors).to.include(
      '  --install: expected a line of PowerShell, got "if ("; column ',
    );
    untouched();
  });

  it("takes a folder, a validate line and secrets by the names of their parameters", async () => {
    const folder = path.join(project.folder, "tools", "kit");
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, "run"), "#!/bin/sh\n");
    const given = tool({ name: "kit", validate: "test -x /opt/kit/run" }, "tools/kit");
    given.push("--secret", "TOKEN=/kit/token", "--secret", "KEY=/kit/key");
    const { code, errors } = await run(given);
    expect([code, errors]).to.deep.equal([0, ""]);
    expect(stack()).to.include(
      `      executable: tools/kit
      os: linux
      architecture: _any
      install: cp tool /usr/local/bin/
      uninstall: rm -f /usr/local/bin/tool
      validate: test -x /opt/kit/run
      secrets:
        TOKEN: /kit/token
        KEY: /kit/key
      share:
`,
    );
  });

  it("refuses a secret that the program refuses", async () => {
    const { code, errors } = await run(tool({ secret: "token=/aws/x" }));
    expect(code).to.equal(1);
    expect(errors).to.include(".secrets");
    untouched();
  });

  it("sees a file from where the person stands", async () => {
    const folder = path.join(project.folder, "tools");
    const { code, out } = await fleet(project.folder, tool({}, "tool"), { folder });
    expect([code, out]).to.deep.equal([0, "packages.lock.json: added tool 1.0.0\n"]);
  });

  describe("from the central bucket", () => {
    const objects: Record<string, string> = {
      "tmp/tool-2": "#!/bin/sh\necho 2\n",
      "tmp/kit/run": "#!/bin/sh\n",
      "tmp/kit/data/a": "a",
    };
    const opened: string[][] = [];
    const open = (...place: string[]): Bucket => {
      opened.push(place);
      return {
        list: (prefix) =>
          Promise.resolve(Object.keys(objects).filter((key) => key.startsWith(prefix))),
        get: (key) =>
          Promise.resolve(objects[key] === undefined ? undefined : Buffer.from(objects[key])),
      };
    };
    const options = {
      ...{ name: "new", version: "2.0.0", os: "linux", arch: "_any", stack: "log" },
      ...{ install: "cp * /usr/local/bin/", uninstall: "true", share: "222222222222" },
    };
    const take = async (key: string, more: Partial<typeof options> = {}) => {
      let out = "";
      const session = {
        project: project.folder,
        folder: project.folder,
        isTerminal: false,
        print: (text: string) => void (out += text),
        printError: () => undefined,
      };
      await add(`s3://central/${key}`, { ...options, ...more }, session, open);
      return out;
    };
    const refused = async (promise: Promise<unknown>) =>
      promise.then(
        () => "taken",
        (error: Error) => error.message,
      );

    it("takes a file into packages/<name>/, from a bucket of the stack's own account", async () => {
      await take("tmp/tool-2");
      expect(opened.at(-1)).to.deep.equal(["central", "eu-central-1", "111111111111"]);
      expect(project.read("packages/new/tool-2")).to.equal(objects["tmp/tool-2"]);
      expect(stack()).to.include("      executable: packages/new/tool-2\n");
      expect(fs.readdirSync(path.join(project.folder, "packages/new"))).to.deep.equal(["tool-2"]);
    });

    it("says what is not there", async () => {
      expect(await refused(take("tmp/none"))).to.equal(
        "s3://central/tmp/none: there is nothing of that name",
      );
      untouched();
    });

    it("leaves nothing behind where the entry is refused", async () => {
      expect(await refused(take("tmp/tool-2", { os: "beos" }))).to.include(".os: expected one of");
      untouched();
    });

    it("puts back the file that was there where the entry is refused", async () => {
      await take("tmp/tool-2");
      objects["tmp/tool-2"] = "changed";
      expect(await refused(take("tmp/tool-2"))).to.include("changed without a change of version");
      expect(project.read("packages/new/tool-2")).to.equal("#!/bin/sh\necho 2\n");
    });
  });
});
