import { expect } from "chai";
import { AccessDenied, AwsError, NotRehearsed } from "../../../kernel/errors.js";
import { configurePackage } from "../../../host/plugins/configure-package.js";
import { FakeAgent, linuxPackage, PACKAGE_ARN, sha256, zip } from "../support.js";

const NAME = "cf-package-tool";
/** Scripts that leave a trace of what ran. */
const scripts = (version: string) => ({
  "install.sh": `echo ${version} > /opt/tool && echo "install ${version}" >> /var/log/ran`,
  "uninstall.sh": `rm /opt/tool && echo "uninstall ${version}" >> /var/log/ran`,
});

describe("configurePackage", () => {
  let agent: FakeAgent;
  const configure = (inputs: object = {}) =>
    configurePackage({ name: PACKAGE_ARN, action: "Install", version: "", ...inputs }, agent);
  const onHost = async (script: string) => (await agent.host.run(script)).stdout;

  beforeEach(() => {
    agent = new FakeAgent();
    agent.serve(linuxPackage("1.0.0", scripts("1.0.0")));
  });

  it("installs a package", async () => {
    const result = await configure();
    expect(result).to.deep.equal({
      status: "Success",
      exitCode: 0,
      stdout: `Initiating ${PACKAGE_ARN} 1.0.0 install\nPlugin aws:runShellScript ResultStatus Success\ninstall output: Running sh install.sh\n\nSuccessfully installed ${PACKAGE_ARN} 1.0.0\n`,
      stderr: "",
    });
    expect(await onHost("cat /opt/tool")).to.equal("1.0.0\n");
    expect(agent.host.packages).to.deep.equal([
      { name: NAME, arn: PACKAGE_ARN, version: "1.0.0", status: "Installed" },
    ]);
    expect(agent.calls).to.deep.equal(["ssm:DescribeDocument", "ssm:GetDocument"]);
    expect(agent.reported).to.deep.equal([
      `info: downloaded tool.zip (${zip(scripts("1.0.0")).length} bytes), its checksum is the manifest's`,
      `info: install.sh of ${NAME} 1.0.0: exit code 0`,
      `success: installed ${NAME} 1.0.0`,
    ]);
  });

  it("asks first whether AWS publishes a package of a plain name", async () => {
    const { answer } = agent;
    agent.answer = (operation, input) => {
      if (operation !== "GetManifest") return answer(operation, input);
      throw new AwsError("ResourceNotFoundException", "Package cf-package-tool does not exist");
    };
    expect((await configure({ name: NAME })).status).to.equal("Success");
    expect(agent.calls[0]).to.equal("ssm:GetManifest");
    agent.calls.length = 0;
    // A version that no package of AWS can have says enough.
    expect((await configure({ name: NAME, version: "1.0.0-rc_1" })).status).to.equal("Success");
    expect(agent.calls[0]).to.equal("ssm:DescribeDocument");
  });

  it("runs nothing where the version is installed", async () => {
    await configure();
    const again = await configure();
    expect(again).to.deep.include({
      status: "Success",
      stdout: `${PACKAGE_ARN} 1.0.0 is already installed\n`,
    });
    expect(await onHost("cat /var/log/ran")).to.equal("install 1.0.0\n");
    expect(agent.reported.at(-1)).to.equal(`success: ${NAME} 1.0.0 is already installed`);
  });

  it("replaces another version: uninstalls it with the new file's script, as the agent does", async () => {
    await configure();
    agent.serve(linuxPackage("1.1.0", scripts("1.1.0"), "2"));
    expect((await configure()).status).to.equal("Success");
    expect(await onHost("cat /var/log/ran")).to.equal(
      "install 1.0.0\nuninstall 1.1.0\ninstall 1.1.0\n",
    );
    expect(agent.host.packages).to.deep.equal([
      { name: NAME, arn: PACKAGE_ARN, version: "1.1.0", status: "Installed" },
    ]);
  });

  it("installs a version again whose manifest is another one", async () => {
    await configure();
    agent.serve(linuxPackage("1.0.0", scripts("1.0.0-b"), "2"));
    expect((await configure()).status).to.equal("Success");
    expect(await onHost("cat /opt/tool")).to.equal("1.0.0-b\n");
  });

  it("tries to go back where the new version does not install, with the new file's script", async () => {
    await configure();
    const broken = { ...scripts("1.1.0"), "install.sh": "echo broken >&2; exit 3" };
    agent.serve(linuxPackage("1.1.0", broken, "2"));
    const result = await configure();
    expect(result.status).to.equal("Failed");
    expect(
      result.stderr.match(/install errors: broken\nfailed to run commands: exit status 3\n/g),
    ).to.have.lengthOf(2);
    expect(agent.host.packages[0]).to.include({ version: "1.0.0", status: "Failed" });
  });

  it("goes back to the old version where what fails the first time works the second time", async () => {
    await configure();
    const once = "test -e /opt/seen || { touch /opt/seen; exit 3; }; echo ok > /opt/tool";
    agent.serve(
      linuxPackage("1.1.0", { "install.sh": once, "uninstall.sh": "rm -f /opt/tool" }, "2"),
    );
    const result = await configure();
    expect(result.status).to.equal("Failed");
    expect(result.stdout).to.include(
      `Failed to install ${PACKAGE_ARN} 1.1.0, successfully rolled back to ${PACKAGE_ARN} 1.0.0`,
    );
    expect(agent.host.packages[0]).to.include({ version: "1.0.0", status: "Installed" });
  });

  it("fails with the script, and tries the whole package again", async () => {
    agent.serve(
      linuxPackage("1.0.0", { "install.sh": "echo no space >&2; exit 1", "uninstall.sh": "" }),
    );
    const failed = await configure();
    expect(failed).to.deep.include({
      status: "Failed",
      exitCode: 1,
      stderr:
        "install errors: no space\nfailed to run commands: exit status 1\nFailed to install package; install status Failed\n",
    });
    expect(agent.host.packages[0]).to.include({ version: "1.0.0", status: "Failed" });
    expect(agent.reported).to.include(
      `failure: install.sh of ${NAME} 1.0.0: exit code 1: no space | failed to run commands: exit status 1`,
    );
    agent.serve(linuxPackage("1.0.0", scripts("1.0.0")));
    expect((await configure()).status).to.equal("Success");
    expect(agent.host.packages[0]).to.include({ status: "Installed" });
  });

  it("takes validate.sh's word for whether a package works", async () => {
    const working = { ...scripts("1.0.0"), "validate.sh": "test -f /opt/tool" };
    agent.serve(linuxPackage("1.0.0", working));
    expect((await configure()).status).to.equal("Success");
    await agent.host.run("rm /opt/tool");
    expect((await configure()).status).to.equal("Success");
    expect(await onHost("cat /var/log/ran")).to.equal("install 1.0.0\ninstall 1.0.0\n");
    agent.serve(linuxPackage("2.0.0", { ...working, "validate.sh": "exit 1" }, "2"));
    expect((await configure()).status).to.equal("Failed");
  });

  it("refuses a file that is not what the manifest says, after a second try", async () => {
    agent.downloads["tool.zip"] = zip({ "install.sh": "echo evil" });
    const result = await configure();
    expect(result.status).to.equal("Failed");
    expect(result.stderr).to.match(
      /^failed to download installation package reliably, tool.zip, failed to verify hash .*: checksum of tool.zip did not match/,
    );
    expect(agent.reported.filter((text) => text.startsWith("warning: download"))).to.have.lengthOf(
      2,
    );
    expect(await onHost("ls /opt")).to.equal("aws\n");
    expect(agent.host.packages).to.deep.equal([]);
  });

  it("refuses a package without an install script at its root", async () => {
    agent.serve(linuxPackage("1.0.0", { "tool/install.sh": "", "tool/uninstall.sh": "" }));
    expect((await configure()).stderr).to.equal(
      "Package is not supported (package is missing install action)\n",
    );
  });

  it("refuses two implementations of one action", async () => {
    agent.serve(linuxPackage("1.0.0", { "install.sh": "", "install.ps1": "", "uninstall.sh": "" }));
    expect((await configure()).stderr).to.include(
      "install has more than one implementation (sh, ps1, json)",
    );
  });

  it("refuses what is no zip", async () => {
    const bytes = Buffer.from("not a zip");
    const { manifest } = linuxPackage("1.0.0", {});
    const files = { "tool.zip": { checksums: { sha256: sha256(bytes) } } };
    agent.serve({ manifest: { ...manifest, files }, attachments: { "tool.zip": bytes } });
    expect((await configure()).stderr).to.match(
      /^failed to extract package installer package tool.zip, /,
    );
  });

  it("has nothing for a platform that the manifest does not name", async () => {
    const { manifest, attachments } = linuxPackage("1.0.0", scripts("1.0.0"));
    agent.serve({ manifest: { ...manifest, packages: { windows: {} } }, attachments });
    expect((await configure()).stderr).to.equal(
      "failed to find platform: no manifest found for platform: amazon, version 2023, architecture x86_64\n",
    );
  });

  const refusals: readonly (readonly [fact: string, error: AwsError, stderr: string])[] = [
    [
      "a package that is not shared with the account",
      new AwsError("InvalidDocument", `Document with name ${PACKAGE_ARN} does not exist.`),
      `failed to download manifest - failed to retrieve package document description: InvalidDocument: Document with name ${PACKAGE_ARN} does not exist.\n`,
    ],
    [
      "a role without the permission",
      new AccessDenied("User: web is not authorized", {
        principal: "",
        action: "",
        resource: "",
        missing: [],
        nearly: [],
        context: {},
      }),
      "failed to download manifest - failed to retrieve package document description: AccessDeniedException: User: web is not authorized\n",
    ],
  ];
  for (const [fact, error, stderr] of refusals) {
    it(`reports ${fact}`, async () => {
      agent.answer = () => {
        throw error;
      };
      expect(await configure()).to.deep.equal({
        status: "Failed",
        exitCode: 1,
        stdout: "",
        stderr,
      });
      expect(agent.reported).to.deep.equal([`failure: ${stderr.trim()}`]);
    });
  }

  it("uninstalls, and does not mind to do it again", async () => {
    await configure();
    expect(await configure({ action: "Uninstall" })).to.deep.include({
      status: "Success",
      exitCode: 0,
    });
    expect(await onHost("cat /var/log/ran")).to.equal("install 1.0.0\nuninstall 1.0.0\n");
    expect(agent.host.packages).to.deep.equal([]);
    expect((await configure({ action: "Uninstall" })).stdout).to.equal(
      "version:  is not installed\n",
    );
  });

  it("gives scripts their environment and the arguments of the command", async () => {
    agent.serve(
      linuxPackage("1.0.0", {
        "install.sh": "env | grep -E '^(BWS|SSM|AWS_SSM)_' | sort > /opt/env; pwd > /opt/pwd",
      }),
    );
    await configure({ additionalArguments: `{"SSM_SITE":"it's here"}` });
    expect((await onHost("cat /opt/env")).trim().split("\n")).to.deep.equal([
      "AWS_SSM_INSTANCE_ID=i-0a1b2c3d4e5f60718",
      "AWS_SSM_PLATFORM_NAME=Amazon Linux",
      "AWS_SSM_PLATFORM_VERSION=2023",
      "AWS_SSM_REGION_NAME=eu-central-1",
      "BWS_ACCOUNT_ID=222222222222",
      "BWS_ACTION_NAME=install",
      "BWS_ARCHITECTURE=x86_64",
      "BWS_AVAILABILITY_ZONE=eu-central-1a",
      "BWS_INIT_SYSTEM=systemd",
      "BWS_INSTANCE_ID=i-0a1b2c3d4e5f60718",
      "BWS_INSTANCE_TYPE=t3.micro",
      "BWS_PACKAGE_MANAGER=yum",
      "BWS_PLATFORM_FAMILY=rhel",
      "BWS_PLATFORM_NAME=amazon",
      "BWS_PLATFORM_VERSION=2023",
      "BWS_REGION=eu-central-1",
      "SSM_SITE=it's here",
    ]);
    expect(await onHost("cat /opt/pwd")).to.match(
      /^\/var\/lib\/amazon\/ssm\/packages\/_arnawsssmeu-central-1111111111111documentcf-package-tool_3E_[A-Z2-7]{52}====\/1.0.0\n$/,
    );
  });

  const wrong: readonly (readonly [fact: string, inputs: object, stderr: string])[] = [
    [
      "an argument that does not begin with SSM_",
      { additionalArguments: { SITE: "x" } },
      "invalid input: additional argument SITE: the name must start with SSM_\n",
    ],
    ["no name", { name: "" }, "invalid input: empty name field\n"],
    ["another action", { action: "Remove" }, "unsupported action: Remove\n"],
  ];
  for (const [fact, inputs, stderr] of wrong) {
    it(`refuses ${fact}`, async () => expect((await configure(inputs)).stderr).to.equal(stderr));
  }

  it("asks for a reboot where the script does, and is done after it", async () => {
    agent.serve(
      linuxPackage("1.0.0", { ...scripts("1.0.0"), "install.sh": "echo x >> /opt/tool; exit 194" }),
    );
    expect((await configure()).status).to.equal("SuccessAndReboot");
    expect((await configure()).status).to.equal("Success");
    expect(await onHost("cat /opt/tool")).to.equal("x\n");
    expect(agent.host.packages[0]).to.include({ status: "Installed" });
  });

  it("lets nobody else touch a package that it works on", async () => {
    agent.host.repository.lock(PACKAGE_ARN, "Install");
    expect((await configure()).stderr).to.equal(
      `Package "${PACKAGE_ARN}" is already in the process of action "Install"\n`,
    );
    agent.host.repository.unlock(PACKAGE_ARN);
    expect((await configure()).status).to.equal("Success");
  });

  it("says that it does not rehearse updates in place", async () => {
    const subject = "aws:configurePackage: In-place update";
    expect((await configure({ installationType: "In-place update" })).stderr).to.equal(
      `not rehearsed: ${subject}`,
    );
    expect(agent.world.met).to.deep.equal([subject]);
  });

  it("says that it does not rehearse a package of AWS", async () => {
    agent.answer = () => {
      throw new NotRehearsed("package AmazonCloudWatchAgent");
    };
    const result = await configure({ name: "AmazonCloudWatchAgent" });
    expect(result).to.deep.include({ status: "Failed" });
    expect(result.stderr).to.include("not rehearsed: package AmazonCloudWatchAgent");
  });
});
