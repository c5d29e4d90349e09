import { expect } from "chai";
import { MEMBER, TestCloud, REGION } from "../../../../support/test-cloud.js";
import { refusal } from "../../../refusal.js";

const TYPE = "aws:ssm/parameter:Parameter";
const NAME = "/cloudwatch/config/linux";

describe("Parameter Store", () => {
  let testCloud: TestCloud;
  beforeEach(() => (testCloud = new TestCloud()));

  const parameter = (inputs: object = {}) =>
    testCloud.create(TYPE, "config", { name: NAME, type: "String", value: "one", ...inputs });
  const get = <Output>(input: object, operation = "GetParameter", principal?: never) =>
    testCloud.call<Output>("ssm", operation, input, principal);
  const valueOf = async (Name: string) =>
    (await get<{ Parameter: { Value: string } }>({ Name })).Parameter.Value;

  it("gives a parameter by name, by ARN and by version", async () => {
    const created = await parameter();
    await testCloud.deployer().update(created, { name: NAME, type: "String", value: "two" });
    const arn = `arn:aws:ssm:${REGION}:${MEMBER}:parameter${NAME}`;
    expect(created.state["arn"]).to.equal(arn);
    const values = await Promise.all([NAME, arn, `${NAME}:1`].map(valueOf));
    expect(values).to.deep.equal(["two", "two", "one"]);
    const { Parameter } = await get<{ Parameter: object }>({ Name: NAME });
    expect(Parameter).to.deep.equal({
      Name: NAME,
      Type: "String",
      Value: "two",
      Version: 2,
      LastModifiedDate: "2026-01-05T08:00:00.000Z",
      ARN: arn,
      DataType: "text",
    });
  });

  it("says which names of a list it does not know", async () => {
    await parameter();
    const answer = await get<{ Parameters: { Name: string }[]; InvalidParameters: string[] }>(
      { Names: ["/none", NAME] },
      "GetParameters",
    );
    expect(answer.Parameters.map(({ Name }) => Name)).to.deep.equal([NAME]);
    expect(answer.InvalidParameters).to.deep.equal(["/none"]);
  });

  it("lists what is under a path, a level of it or all", async () => {
    await parameter();
    await testCloud.create(TYPE, "deep", {
      name: "/cloudwatch/config/a/b",
      type: "String",
      value: "x",
    });
    const under = async (input: object) => {
      const answer = await get<{ Parameters: { Name: string }[] }>(input, "GetParametersByPath");
      return answer.Parameters.map(({ Name }) => Name);
    };
    expect(await under({ Path: "/cloudwatch/config" })).to.deep.equal([NAME]);
    expect(await under({ Path: "/cloudwatch/", Recursive: true })).to.deep.equal([
      NAME,
      "/cloudwatch/config/a/b",
    ]);
  });

  it("reports what does not exist", async () => {
    expect(await refusal(get({ Name: NAME }))).to.equal(
      `ParameterNotFound: Systems Manager could not find parameter ${NAME}.`,
    );
    const created = await parameter();
    expect(await refusal(get({ Name: `${NAME}:7` }))).to.include("ParameterVersionNotFound");
    await testCloud.deployer().delete(created);
    expect(await refusal(get({ Name: NAME }))).to.include("ParameterNotFound");
  });

  it("needs leave for the parameter, and for the key of a secret that is decrypted", async () => {
    await parameter({ type: "SecureString", keyId: await testCloud.key() });
    const worker = await testCloud.worker(["ssm:GetParameter"], {
      Resource: `arn:aws:ssm:${REGION}:${MEMBER}:parameter/cloudwatch/*`,
    });
    const as = (input: object) => refusal(testCloud.call("ssm", "GetParameter", input, worker));
    expect(await as({ Name: NAME })).to.equal("it was taken");
    expect(await as({ Name: "/other" })).to.include("parameter/other because no identity-based");
    expect(await as({ Name: NAME, WithDecryption: true })).to.include("kms:Decrypt");
  });

  it("does not give a secret whose key is disabled", async () => {
    await parameter({ type: "SecureString", keyId: await testCloud.key() });
    for (const key of testCloud.cloud.kms.keysOf(MEMBER)) key.enabled = false;
    expect(await refusal(get({ Name: NAME, WithDecryption: true }))).to.match(
      /^DisabledException: arn:aws:kms:.* is disabled\.$/,
    );
  });

  it("takes a value in the size of its tier", async () => {
    const long = "x".repeat(4097);
    expect(await refusal(parameter({ value: long }))).to.include(
      "Standard tier parameters support a maximum parameter value of 4096 characters; it has 4097 bytes.",
    );
    const created = await parameter({ value: long, tier: "Intelligent-Tiering" });
    expect(created.state["tier"]).to.equal("Advanced");
    const huge = { name: "/x", tier: "Advanced", value: "x".repeat(8193) };
    expect(await refusal(parameter(huge))).to.include("8192 characters");
  });

  for (const [name, problem] of [
    ["/aws/mine", 'can\'t be prefixed with "aws" or "ssm"'],
    ["SSM-mine", 'can\'t be prefixed with "aws" or "ssm"'],
    ["a/b", "must be a fully qualified name"],
    ["/a b", "only a mix of letters, numbers"],
    ["/a/", "a level of it has no name"],
    [`${"/a".repeat(16)}`, "15 levels"],
  ] as const) {
    it(`refuses the name ${name}`, async () => {
      expect(await refusal(parameter({ name }))).to.include(problem);
    });
  }

  it("refuses values that AWS refuses", async () => {
    expect(await refusal(parameter({ value: "{{ssm:other}}" }))).to.include("can't nest");
    expect(await refusal(parameter({ value: "" }))).to.include("1 character at least");
    expect(await refusal(parameter({ type: "Text" }))).to.include("UnsupportedParameterType");
    expect(await refusal(parameter({ allowedPattern: "[0-9]+" }))).to.include("allowedPattern");
    await parameter();
    expect(await refusal(parameter())).to.include("ParameterAlreadyExists");
  });

  it("keeps what programs of the account put, as versions", async () => {
    const put = (more: object = {}) =>
      testCloud.call<object>("ssm", "PutParameter", {
        Name: "/a",
        Value: "1",
        Type: "String",
        ...more,
      });
    expect(await put()).to.deep.equal({ Version: 1, Tier: "Standard" });
    expect(await refusal(put())).to.include("ParameterAlreadyExists");
    expect(await put({ Overwrite: true, Value: "2" })).to.deep.equal({
      Version: 2,
      Tier: "Standard",
    });
    expect(await valueOf("/a")).to.equal("2");
    await testCloud.call("ssm", "DeleteParameter", { Name: "/a" });
    expect(await refusal(valueOf("/a"))).to.include("ParameterNotFound");
  });

  it("gives the public parameters of images to calls as to programs", async () => {
    const Name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
    const token = "aws:ssm/getParameter:getParameter";
    const found = await testCloud.deployer().invoke(token, { name: Name }, REGION);
    expect(found["value"]).to.equal(await valueOf(Name));
  });
});
