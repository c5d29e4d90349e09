import { expect } from "chai";
import { AwsError, NotRehearsed } from "../../../kernel/errors.js";
import { machine, ports } from "../support.js";

const VALUE = "aws ssm get-parameter --name /app/key --with-decryption --query Parameter.Value";

describe("aws, the command of a Linux host", () => {
  const run = async (script: string, answer: () => unknown) => {
    const world = ports();
    world.answer = answer;
    const { stdout, stderr, exitCode } = await machine(world).run(script);
    return { stdout, stderr, exitCode, calls: world.calls, met: world.met };
  };
  const refuse = (code: string, message: string) => () => {
    throw new AwsError(code, message);
  };
  const parameter = () => ({ Parameter: { Value: 'a "b"' } });

  it("prints the value of a parameter that Systems Manager gives the host", async () => {
    expect(await run(`${VALUE} --output text`, parameter)).to.deep.equal({
      stdout: 'a "b"\n',
      stderr: "",
      exitCode: 0,
      met: [],
      calls: [
        {
          service: "ssm",
          operation: "GetParameter",
          input: { Name: "/app/key", WithDecryption: true },
        },
      ],
    });
  });

  it("prints the version of a parameter", async () => {
    const version = VALUE.replace("Parameter.Value", "Parameter.Version");
    const { stdout } = await run(`${version} --output text`, () => ({ Parameter: { Version: 3 } }));
    expect(stdout).to.equal("3\n");
  });

  for (const [what, options] of Object.entries({
    "by default": VALUE,
    "when asked to": `${VALUE} --output=json --no-cli-pager`,
    "where the environment says so": `AWS_DEFAULT_OUTPUT=json ${VALUE}`,
  })) {
    it(`prints it as JSON ${what}`, async () => {
      expect((await run(options, parameter)).stdout).to.equal('"a \\"b\\""\n');
    });
  }

  for (const [from, script] of Object.entries({
    option: `${VALUE} --region eu-west-1`,
    environment: `AWS_DEFAULT_REGION=eu-west-1 ${VALUE}`,
  })) {
    it(`asks in the Region of the ${from}`, async () => {
      const { calls } = await run(script, parameter);
      expect(calls.map(({ region }) => region)).to.deep.equal(["eu-west-1"]);
    });
  }

  it("does not ask for decryption unless an option says so", async () => {
    const { calls } = await run(VALUE.replace("--with-decryption ", ""), parameter);
    expect(calls[0]?.input).to.deep.equal({ Name: "/app/key", WithDecryption: false });
  });

  for (const [code, message, stderr, exitCode] of [
    [
      "ParameterNotFound",
      "",
      "\nAn error occurred (ParameterNotFound) when calling the GetParameter operation: \n",
      254,
    ],
    [
      "AccessDeniedException",
      "User: x is not authorized",
      "\nAn error occurred (AccessDeniedException) when calling the GetParameter operation: User: x is not authorized\n",
      254,
    ],
    [
      "NoCredentials",
      "no profile",
      '\nUnable to locate credentials. You can configure credentials by running "aws configure".\n',
      253,
    ],
  ] as const) {
    it(`fails as the CLI does: ${code}`, async () => {
      const ran = await run(`v=$(${VALUE} --output text)`, refuse(code, message));
      expect(ran).to.include({ stdout: "", stderr, exitCode });
    });
  }

  it("fails where the local cloud has no such operation", async () => {
    const ran = await run(VALUE, () => {
      throw new NotRehearsed("ssm:GetParameter");
    });
    expect(ran).to.include({
      stderr: "aws: not rehearsed: ssm:GetParameter: the local cloud does not model it\n",
      exitCode: 254,
    });
  });

  it("asks for a name as the CLI does", async () => {
    const ran = await run(
      "aws ssm get-parameter --query Parameter.Value 2>&1 | tail -1",
      parameter,
    );
    expect(ran.stdout).to.equal("aws: error: the following arguments are required: --name\n");
  });

  for (const use of [
    "aws s3 ls",
    "aws --version",
    "aws ssm get-parameter --name /a --query Parameter.Value --profile x",
    "aws ssm get-parameter --name /a --query Parameter.ARN --output text",
    "aws ssm get-parameter --name /a --query Parameter.Value --output yaml",
    "aws ssm get-parameter --name /a",
  ]) {
    it(`reports what it does not know: ${use}`, async () => {
      const { met, exitCode, calls } = await run(use, parameter);
      expect(met).to.have.lengthOf(1);
      expect(met[0]).to.match(/^shell command: aws /);
      expect({ exitCode, calls }).to.deep.equal({ exitCode: 252, calls: [] });
    });
  }
});
