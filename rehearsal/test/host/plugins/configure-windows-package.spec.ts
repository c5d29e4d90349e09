import { expect } from "chai";
import { configurePackage } from "../../../host/plugins/configure-package.js";
import { FakeAgent, linuxPackage, PACKAGE_ARN, WINDOWS_SERVER } from "../support.js";

const scripts = {
  "install.ps1": "Copy-Item .\\tool.exe $env:ProgramFiles\nexit 0",
  "uninstall.ps1": "Remove-Item $env:ProgramFiles\\tool.exe",
  "tool.exe": "MZ",
};

describe("configurePackage on Windows", () => {
  let agent: FakeAgent;
  const configure = (inputs: object = {}) =>
    configurePackage({ name: PACKAGE_ARN, action: "Install", version: "", ...inputs }, agent);

  beforeEach(() => {
    agent = new FakeAgent({ os: WINDOWS_SERVER });
    agent.serve(linuxPackage("1.0.0", scripts));
  });

  it("records a package as installed whose scripts can be read, and what the agent unpacked is there", async () => {
    expect(await configure()).to.deep.equal({
      status: "Success",
      exitCode: 0,
      stdout: `Initiating ${PACKAGE_ARN} 1.0.0 install\nPlugin aws:runPowerShellScript ResultStatus Success\ninstall output: install.ps1 of cf-package-tool 1.0.0: parsed, not executed\n\nSuccessfully installed ${PACKAGE_ARN} 1.0.0\n`,
      stderr: "",
    });
    expect(agent.host.packages).to.deep.include({
      name: "cf-package-tool",
      arn: PACKAGE_ARN,
      version: "1.0.0",
      status: "Installed",
    });
    expect(agent.parsed).to.deep.equal(["install.ps1 of cf-package-tool 1.0.0"]);
    const files = agent.host.windows?.disk.list("C:\\ProgramData\\Amazon\\SSM\\Packages");
    expect(files?.map((path) => path.replace(/^.*\\/, ""))).to.have.members(Object.keys(scripts));
    expect(await agent.host.windows?.disk.exists("C:\\Program Files\\tool.exe")).to.equal(false);
  });

  it("fails the installation for a syntax error in a script, with its line", async () => {
    agent.serve(linuxPackage("1.0.0", { ...scripts, "install.ps1": "if ($x) {\n" }));
    const result = await configure();
    expect(result.status).to.equal("Failed");
    expect(result.stderr).to.match(/install errors: At C:\\ProgramData\\.*\\install\.ps1:1 char:9/);
    expect(agent.reported).to.include(
      "failure: install.ps1 of cf-package-tool 1.0.0: line 1, column 9: Missing closing '}' in statement block or type definition.",
    );
    expect(agent.host.packages[0]?.status).to.equal("Failed");
  });

  it("fails the installation for a syntax error in a script of the package that install.ps1 calls", async () => {
    const install = 'try {\r\n  & "$PSScriptRoot\\install-line.ps1"\r\n} catch { exit 1 }\r\n';
    const line = "if ($x) {\r\n";
    agent.serve(
      linuxPackage("1.0.0", { ...scripts, "install.ps1": install, "install-line.ps1": line }),
    );
    const result = await configure();
    expect(result.status).to.equal("Failed");
    expect(result.stderr).to.match(/install errors: At C:\\.*\\install-line\.ps1:1 char:9/);
    expect(agent.reported).to.include(
      "failure: install-line.ps1 of cf-package-tool 1.0.0: line 1, column 9: Missing closing '}' in statement block or type definition.",
    );
  });

  it("fails for a package that only has shell scripts, as the agent there", async () => {
    agent.serve(linuxPackage("1.0.0", { "install.sh": "true" }));
    expect((await configure()).stderr).to.include(
      "Plugin with name aws:runShellScript is not supported in current platform!",
    );
  });

  it("parses validate.ps1 before it says that a version is already installed", async () => {
    agent.serve(linuxPackage("1.0.0", { ...scripts, "validate.ps1": "Test-Path C:\\tool" }));
    await configure();
    agent.parsed.length = 0;
    expect((await configure()).stdout).to.include("is already installed");
    expect(agent.parsed).to.deep.equal(["validate.ps1 of cf-package-tool 1.0.0"]);
  });
});
