import { expect } from "chai";
import { commandProblems } from "../../../rehearsal/cloud/services/ssm/run-command/command-content.js";
import { readScript, ScriptError } from "../../../scripts/loader/script.js";
import { scriptDocument } from "../../../scripts/loader/script-document.js";

const header =
  "# Looks.\n# @parameter Name pattern=[a-z]+ Whose.\n# @parameter Days default=3 How far.\n";
const linux = readScript("look.sh", `#!/bin/sh\n${header}echo "$SSM_Days $SSM_Name"\n`, "linux");
const windows = readScript("look.ps1", `${header}"$env:SSM_Days $env:SSM_Name"\n`, "windows");
const { description, parameters } = linux;

const executionTimeout = (seconds: string) => ({
  type: "String",
  description: "How long a host may take, in seconds.",
  default: seconds,
  allowedPattern:
    "([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)",
});

describe("A script's document", () => {
  it("runs the script of each platform there, and passes it parameters as variables", () => {
    const content = JSON.parse(
      scriptDocument({ description, parameters, linux, windows }),
    ) as Record<string, unknown>;
    expect(content).to.deep.equal({
      schemaVersion: "2.2",
      description: "Looks.",
      parameters: {
        Name: {
          type: "String",
          description: "Whose.",
          allowedPattern: "^(?:[a-z]+)$",
          interpolationType: "ENV_VAR",
        },
        Days: {
          type: "String",
          description: "How far.",
          default: "3",
          interpolationType: "ENV_VAR",
        },
        executionTimeout: executionTimeout("3600"),
      },
      mainSteps: [
        {
          action: "aws:runShellScript",
          name: "linux",
          precondition: { StringEquals: ["platformType", "Linux"] },
          inputs: {
            timeoutSeconds: "{{ executionTimeout }}",
            runCommand: [
              "#!/bin/sh",
              "# Looks.",
              ': "${SSM_Days?not set; parameters need SSM Agent 3.3.2746.0 or newer}"',
              "# @parameter Days default=3 How far.",
              'echo "$SSM_Days $SSM_Name"',
            ],
          },
        },
        {
          action: "aws:runPowerShellScript",
          name: "windows",
          precondition: { StringEquals: ["platformType", "Windows"] },
          inputs: {
            timeoutSeconds: "{{ executionTimeout }}",
            runCommand: [
              "# Looks.",
              "if (-not (Test-Path Env:SSM_Days)) { throw 'SSM_Days is not set; parameters need SSM Agent 3.3.2746.0 or newer' }",
              "# @parameter Days default=3 How far.",
              '"$env:SSM_Days $env:SSM_Name"',
            ],
          },
        },
      ],
    });
    expect(commandProblems(content)).to.deep.equal([]);
  });

  it("is the same bytes each time, and other bytes for another script", () => {
    const once = scriptDocument({ description, parameters, linux });
    expect(scriptDocument({ description, parameters, linux })).to.equal(once);
    expect(scriptDocument({ description, parameters, windows })).not.to.equal(once);
  });

  it("has a step for the one platform that there is a script for", () => {
    const content = scriptDocument({ description, parameters: [], windows, timeoutSeconds: 60 });
    const { mainSteps, parameters: declared } = JSON.parse(content) as {
      mainSteps: { name: string }[];
      parameters: unknown;
    };
    expect(mainSteps.map(({ name }) => name)).to.deep.equal(["windows"]);
    expect(declared).to.deep.equal({ executionTimeout: executionTimeout("60") });
  });

  it("leaves a script for another interpreter than a shell as it is", () => {
    const text = "#!/usr/bin/env python3\n# @parameter Days How far.\nprint('SSM_Days')\n";
    const python = readScript("look.sh", text, "linux");
    const content = scriptDocument({ description, parameters: python.parameters, linux: python });
    expect(content).to.include('"# @parameter Days How far."');
    const bash = readScript("look.sh", text.replace("python3", "bash"), "linux");
    expect(scriptDocument({ ...bash, linux: bash })).to.include(': \\"${SSM_Days?');
  });

  it("is refused where it is larger than AWS takes", () => {
    const long = readScript("long.sh", `echo ${"x".repeat(70_000)}\n`, "linux");
    expect(() => scriptDocument({ description, parameters: [], linux: long })).to.throw(
      ScriptError,
      /^long\.sh:1: expected a document of at most 65536 bytes, got 70\d{3} with all its scripts; have it fetch what is large, or make it two$/,
    );
  });
});
