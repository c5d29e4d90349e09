import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { contentOf } from "../../packing/content.js";
import type { Variant } from "../../packing/variant.js";
import { AwsError } from "../../rehearsal/kernel/errors.js";
import { configurePackage } from "../../rehearsal/host/plugins/configure-package.js";
import { FakeAgent, linuxPackage, PACKAGE_ARN } from "../../rehearsal/test/host/support.js";
import { inEmptyFolder } from "../support/folder.js";
import { readVariant } from "../support/variants.js";

const isHere = (shell: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${shell.replace(/ .*/, "")}`]).status === 0;

const record = "/var/lib/fleet/packages/tool";

describe("A package with the generated scripts, on a rehearsed host", () => {
  let agent: FakeAgent;
  beforeEach(() => {
    agent = new FakeAgent();
  });

  /** Each installation leaves a line in /var/log/ran. */
  const traced = (values: Partial<Variant> = {}): Partial<Variant> => ({
    install: "cp tool /usr/local/bin/ && echo ran >> /var/log/ran",
    uninstall: "rm -f /usr/local/bin/tool",
    ...values,
  });
  function serve(values: Partial<Variant> = {}, files?: Record<string, string>): void {
    const read = readVariant(traced(values), files);
    const texts = [...contentOf(read)].map(([name, bytes]) => [name, bytes.toString()] as const);
    agent.serve(linuxPackage(read.variant.version, Object.fromEntries(texts)));
  }
  const install = (additionalArguments: object = {}) =>
    configurePackage(
      { name: PACKAGE_ARN, action: "Install", version: "", additionalArguments },
      agent,
    );
  const onHost = async (script: string) => (await agent.host.run(script)).stdout;
  const ran = async () => (await onHost("cat /var/log/ran")).trim().split("\n");

  it("is left alone while arguments and files are the same", async () => {
    serve();
    expect(await install({ SSM_MODE: "quiet" })).to.include({ status: "Success", stderr: "" });
    const again = await install({ SSM_MODE: "quiet" });
    expect(again).to.include({ status: "Success", stderr: "" });
    expect(again.stdout).to.include(`${PACKAGE_ARN} 1.0.0 is already installed`);
    expect(await ran()).to.deep.equal(["ran"]);
    expect(agent.world.met).to.deep.equal([]);
  });

  const changes: readonly [what: string, host: string, given: object, says: string][] = [
    ["an argument has another value", "true", { SSM_MODE: "loud" }, "arguments or secrets changed"],
    ["an argument is gone", "true", {}, "arguments or secrets changed"],
    [
      "there is an argument more",
      "true",
      { SSM_MODE: "quiet", SSM_B: "" },
      "arguments or secrets changed",
    ],
    [
      "a file is gone",
      "rm /usr/local/bin/tool",
      { SSM_MODE: "quiet" },
      "files that it installed are gone or changed",
    ],
    [
      "a file is another one",
      "echo evil > /usr/local/bin/tool",
      { SSM_MODE: "quiet" },
      "files that it installed are gone or changed",
    ],
    [
      "the record is gone",
      `rm -r ${record}`,
      { SSM_MODE: "quiet" },
      "no installation is on record",
    ],
  ];
  for (const [what, host, given, says] of changes) {
    it(`is installed again where ${what}`, async () => {
      serve();
      await install({ SSM_MODE: "quiet" });
      await agent.host.run(host);
      const again = await install(given);
      expect(again.status).to.equal("Success");
      expect(again.stderr).to.include(`fleet: tool: ${says}`);
      expect(await ran()).to.have.length(2);
      expect(await onHost("cat /usr/local/bin/tool")).to.equal("echo tool\n");
      expect((await install(given)).stdout).to.include("is already installed");
    });
  }

  it("distinguishes arguments by name and value, with any characters", async () => {
    serve();
    const values = ["a b", "a'b", 'a"b', "$HOME", "`id`", "a\nSSM_B=c", "%s\\n"];
    for (const value of values) {
      expect((await install({ SSM_MODE: value })).status).to.equal("Success");
      expect((await install({ SSM_MODE: value })).stdout).to.include("is already installed");
    }
    expect(await ran()).to.have.length(values.length);
  });

  it("keeps a record that only root reads, and no argument in it", async () => {
    serve();
    await install({ SSM_MODE: "hunter2" });
    expect(await onHost(`stat -c '%a' /var/lib/fleet/packages ${record} ${record}/*`)).to.equal(
      "700\n700\n600\n600\n600\n",
    );
    expect(await onHost("grep -r hunter2 /var/lib/fleet || echo none")).to.equal("none\n");
  });

  it("finds a folder's files below the path that the lines name", async () => {
    const lines = { install: "cp -r . /opt/tool", uninstall: "rm -rf /opt/tool" };
    serve(lines, { "bin/the tool": "1", "conf/tool.conf": "2" });
    expect((await install()).status).to.equal("Success");
    expect((await install()).stdout).to.include("is already installed");
    await agent.host.run("rm '/opt/tool/bin/the tool'");
    expect((await install()).stderr).to.include("files that it installed are gone or changed");
    expect(await onHost("cat '/opt/tool/bin/the tool'")).to.equal("1");
  });

  it("looks only whether there is what the package did not bring, but takes away", async () => {
    const lines = {
      install: "cp tool /usr/local/bin/ && echo 1 > /etc/tool.conf",
      uninstall: "rm -f /usr/local/bin/tool /etc/tool.conf",
    };
    serve(lines);
    await install();
    await agent.host.run("echo 2 > /etc/tool.conf");
    expect((await install()).stdout).to.include("is already installed");
    await agent.host.run("rm /etc/tool.conf");
    expect((await install()).stderr).to.include("/etc/tool.conf, which it installed, is gone");
  });

  it("asks a line of its own instead of the files, and the arguments still", async () => {
    serve({ validate: "test -e /opt/healthy" });
    await agent.host.run("mkdir -p /opt; touch /opt/healthy");
    await install();
    await agent.host.run("rm /usr/local/bin/tool");
    expect((await install()).stdout).to.include("is already installed");
    expect((await install({ SSM_A: "1" })).stderr).to.include("arguments or secrets changed");
    await agent.host.run("rm /opt/healthy");
    expect((await install({ SSM_A: "1" })).status).to.equal("Failed");
  });

  it("fails with the line's own exit code, and has no record then", async () => {
    serve({ install: "false; echo never" });
    const failed = await install();
    expect(failed).to.include({ status: "Failed" });
    expect(failed.stderr).to.include("failed to run commands: exit status 1");
    expect(await onHost(`test -e ${record} || echo none`)).to.equal("none\n");
  });

  it("may end the line itself, and may ask for a restart once", async () => {
    serve({ install: "cp tool /usr/local/bin/; exit 194" });
    expect((await install()).status).to.equal("SuccessAndReboot");
    expect((await install()).status).to.equal("Success");
    serve({ version: "1.0.1", install: "cp tool /usr/local/bin/; exit 0; false" });
    expect((await install()).status).to.equal("Success");
  });

  it("forgets the record when it is uninstalled", async () => {
    serve();
    await install();
    await configurePackage({ name: PACKAGE_ARN, action: "Uninstall", version: "" }, agent);
    expect(await onHost(`test -e ${record} || echo none`)).to.equal("none\n");
  });
});

describe("The secrets of a package, on a rehearsed host", () => {
  let agent: FakeAgent;
  let parameters: Record<string, { Value: string; Version: number }>;
  const value = 'it\'s $hunter2 `with` "signs"\nand two lines';
  beforeEach(() => {
    agent = new FakeAgent();
    parameters = { "/tool/token": { Value: value, Version: 3 } };
    agent.world.answer = ({ input }) => {
      const Parameter = parameters[(input as { Name: string }).Name];
      if (!Parameter) throw new AwsError("ParameterNotFound", "");
      return { Parameter };
    };
    serve();
  });

  function serve(values: Partial<Variant> = {}): void {
    const read = readVariant({
      install: 'printf %s "$TOKEN" > /opt/token && echo ran >> /var/log/ran',
      uninstall: "rm -f /opt/token; echo ${TOKEN-unset} > /var/log/uninstalled",
      secrets: { TOKEN: "/tool/token" },
      ...values,
    });
    const texts = [...contentOf(read)].map(([name, bytes]) => [name, bytes.toString()] as const);
    agent.serve(linuxPackage(read.variant.version, Object.fromEntries(texts)));
  }
  const configure = (action = "Install") =>
    configurePackage({ name: PACKAGE_ARN, action, version: "" }, agent);
  const onHost = async (script: string) => (await agent.host.run(script)).stdout;

  it("reach only the install line, as variables", async () => {
    const result = await configure();
    expect(result).to.include({ status: "Success", stderr: "" });
    expect(await onHost("cat /opt/token")).to.equal(value);
    expect(`${result.stdout}${agent.reported.join("\n")}`).not.to.include("hunter2");
    expect(await onHost("grep -rl hunter2 / --include=*")).to.equal("//opt/token\n");
    await configure("Uninstall");
    expect(await onHost("cat /var/log/uninstalled")).to.equal("unset\n");
  });

  it("are read by name, in the Region of the host, and decrypted only to install", async () => {
    await configure();
    const { calls } = agent.world;
    const input = { Name: "/tool/token" };
    expect(calls.map(({ input, region }) => [input, region])).to.deep.equal([
      [{ ...input, WithDecryption: false }, "eu-central-1"],
      [{ ...input, WithDecryption: true }, "eu-central-1"],
      [{ ...input, WithDecryption: false }, "eu-central-1"],
    ]);
  });

  it("lead to another installation when they have another version", async () => {
    await configure();
    expect((await configure()).stdout).to.include("is already installed");
    parameters["/tool/token"] = { Value: "new", Version: 4 };
    const again = await configure();
    expect(again.stderr).to.include("fleet: tool: arguments or secrets changed");
    expect(again.status).to.equal("Success");
    expect(await onHost("cat /opt/token")).to.equal("new");
    expect(await onHost("cat /var/log/ran")).to.equal("ran\nran\n");
  });

  const remedy =
    "could not be read in eu-central-1; it must exist there, and the role of the host must be allowed to read it";
  const failures: readonly [what: string, fail: () => void, says: string][] = [
    ["is missing", () => (parameters = {}), remedy],
    [
      "is denied",
      () => {
        agent.world.answer = () => {
          throw new AwsError("AccessDeniedException", "not authorized");
        };
      },
      remedy,
    ],
  ];
  for (const [what, fail, says] of failures) {
    it(`fail the installation with the name of the parameter that ${what}`, async () => {
      fail();
      const result = await configure();
      expect(result.status).to.equal("Failed");
      expect(result.stderr).to.include(`fleet: tool: secret TOKEN, parameter /tool/token: ${says}`);
      expect(await onHost("cat /var/log/ran 2>/dev/null || echo none")).to.equal("none\n");
    });
  }

  it("fail the installation where there is no aws command", async () => {
    await agent.host.run("rm -f /usr/bin/aws");
    const result = await configure();
    expect(result.status).to.equal("Failed");
    expect(result.stderr).to.include(
      "fleet: tool: secret TOKEN, parameter /tool/token: there is no aws command to read it with; install the AWS CLI",
    );
  });
});

describe("A package with the generated scripts, in the shells of this machine", () => {
  inEmptyFolder();

  for (const shell of ["dash", "bash --posix", "bash", "busybox sh"].filter(isHere)) {
    it(`is installed, found right, found changed and taken away by ${shell}`, () => {
      const root = process.cwd();
      const bin = path.join(root, "a bin");
      fs.mkdirSync(bin);
      fs.mkdirSync("package");
      const read = readVariant({
        install: `cp tool '${bin}' && test "$SSM_MODE" = "it's"; exit 0`,
        uninstall: `rm -f '${bin}/tool'`,
      });
      for (const [name, bytes] of contentOf(read)) {
        fs.writeFileSync(`package/${name}`, bytes.toString().replaceAll("/var/lib", root));
      }
      const run = (script: string, mode = "it's") => {
        const [program = "", ...options] = shell.split(" ");
        const environment = { PATH: process.env["PATH"], SSM_MODE: mode };
        const at = { cwd: "package", encoding: "utf8", env: environment } as const;
        const { status, stderr } = spawnSync(program, [...options, `${script}.sh`], at);
        return [status, stderr];
      };
      expect(run("validate")).to.deep.equal([1, "fleet: tool: no installation is on record\n"]);
      expect(run("install")).to.deep.equal([0, ""]);
      expect(run("validate")).to.deep.equal([0, ""]);
      const changed = "fleet: tool: arguments or secrets changed since it was installed\n";
      expect(run("validate", "other")).to.deep.equal([1, changed]);
      expect(run("install", "other")).to.deep.equal([1, ""]);
      expect(run("validate")).to.deep.equal([1, "fleet: tool: no installation is on record\n"]);
      expect(run("install")).to.deep.equal([0, ""]);
      fs.appendFileSync(path.join(bin, "tool"), "#");
      const gone = "fleet: tool: files that it installed are gone or changed\n";
      expect(run("validate")).to.deep.equal([1, gone]);
      expect(run("uninstall")).to.deep.equal([0, ""]);
      expect(fs.readdirSync(bin)).to.deep.equal([]);
      expect(fs.readdirSync(path.join(root, "fleet/packages"))).to.deep.equal([]);
    });
  }
});
