import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { RequestDispatcher } from "../../server/request-dispatcher.js";
import { AccessKeys } from "../../server/credentials.js";
import { LocalRequestHandler } from "../../server/request-handler.js";
import { LOG, MEMBER, REGION, TestCloud } from "../support/test-cloud.js";
import { refused } from "./support.js";

const READER = `arn:aws:iam::${MEMBER}:role/reader`;
const TOLD = `arn:aws:sts::${MEMBER}:assumed-role/reader/me`;

describe("AssumeRole over the wire", () => {
  let testCloud: TestCloud;
  let wall: number;
  let dispatcher: RequestDispatcher;
  beforeEach(async () => {
    testCloud = new TestCloud();
    wall = Date.UTC(2026, 10, 22, 12);
    dispatcher = new RequestDispatcher(
      testCloud.cloud,
      new AccessKeys(testCloud.cloud, () => wall),
    );
    await role("reader", { Principal: { AWS: `arn:aws:iam::${LOG}:root` } });
    await testCloud.create("aws:iam/rolePolicy:RolePolicy", "test", {
      name: "read",
      role: "reader",
      policy: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "ssm:GetParameter", Resource: "*" },
          { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" },
        ],
      },
    });
  });

  const role = (name: string, trust: object) =>
    testCloud.create("aws:iam/role:Role", "test", {
      name,
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...trust }],
      },
    });
  const config = (credentials = dispatcher.keys.operatorCredentials(LOG)) => ({
    region: REGION,
    credentials,
    maxAttempts: 1,
    requestHandler: new LocalRequestHandler(dispatcher),
  });
  const assume = (more: object = {}, by = config()) =>
    new STSClient(by).send(
      new AssumeRoleCommand({ RoleArn: READER, RoleSessionName: "me", ...more }),
    );
  const session = async (more: object = {}, by = config()) => {
    const { Credentials } = await assume(more, by);
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    return config({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...{ sessionToken: SessionToken },
    });
  };

  it("gives credentials with which the caller is the role, with the role's permissions", async () => {
    const { Credentials, AssumedRoleUser } = await assume();
    expect(AssumedRoleUser?.Arn).to.equal(TOLD);
    expect(Credentials?.AccessKeyId).to.match(/^ASIA[0-9A-Z]{16}$/);
    expect(Credentials?.Expiration).to.deep.equal(new Date(wall + 3_600_000));
    const reader = await session();
    const { Account, Arn } = await new STSClient(reader).send(new GetCallerIdentityCommand({}));
    expect({ Account, Arn }).to.deep.equal({ Account: MEMBER, Arn: TOLD });
    const ssm = new SSMClient(reader);
    const none = await refused(ssm.send(new GetParameterCommand({ Name: "none" })));
    expect(none.name).to.equal("ParameterNotFound");
  });

  it("goes on from session to session, each by its trust", async () => {
    await role("second", { Principal: { AWS: READER } });
    const RoleArn = `arn:aws:iam::${MEMBER}:role/second`;
    expect(await refused(assume({ RoleArn }))).to.deep.include({ name: "AccessDenied" });
    const second = await session({ RoleArn }, await session());
    const { Arn } = await new STSClient(second).send(new GetCallerIdentityCommand({}));
    expect(Arn).to.equal(`arn:aws:sts::${MEMBER}:assumed-role/second/me`);
    const long = await refused(assume({ RoleArn, DurationSeconds: 3601 }, await session()));
    expect(long.name).to.equal("ValidationError");
    expect(long.message).to.include("role chaining");
  });

  it("ends with its time by the clock on the wall, and is nobody's with another token", async () => {
    const reader = await session({ DurationSeconds: 900 });
    wall += 899_000;
    await new STSClient(reader).send(new GetCallerIdentityCommand({}));
    wall += 1000;
    const sts = new STSClient(reader).send(new GetCallerIdentityCommand({}));
    expect((await refused(sts)).name).to.equal("ExpiredToken");
    const ssm = new SSMClient(reader).send(new GetParameterCommand({ Name: "none" }));
    expect((await refused(ssm)).name).to.equal("ExpiredTokenException");
    const { sessionToken, ...others } = { sessionToken: "", ...reader.credentials };
    expect(sessionToken).to.not.equal("");
    const without = new STSClient(config(others)).send(new GetCallerIdentityCommand({}));
    expect((await refused(without)).name).to.equal("InvalidClientTokenId");
  });

  it("asks for the second factor and the external id where a trust policy wants them", async () => {
    const RoleArn = `arn:aws:iam::${MEMBER}:role/strict`;
    await role("strict", {
      Principal: { AWS: `arn:aws:iam::${LOG}:root` },
      Condition: {
        Bool: { "aws:MultiFactorAuthPresent": "true" },
        StringEquals: { "sts:ExternalId": "ours" },
      },
    });
    const SerialNumber = `arn:aws:iam::${LOG}:mfa/me`;
    const outcome = async (more: object) => {
      try {
        await assume({ RoleArn, ...more });
        return "assumed";
      } catch (error) {
        return (error as Error).name;
      }
    };
    const factor = { SerialNumber, TokenCode: "123456" };
    expect(await outcome({ ExternalId: "ours" })).to.equal("AccessDenied");
    expect(await outcome({ ExternalId: "theirs", ...factor })).to.equal("AccessDenied");
    expect(await outcome({ ExternalId: "ours", ...factor })).to.equal("assumed");
  });

  it("refuses what STS refuses, and does not reveal which roles exist", async () => {
    const RoleArn = `arn:aws:iam::${MEMBER}:role/none`;
    const none = await refused(assume({ RoleArn }));
    expect(none).to.deep.include({
      name: "AccessDenied",
      message: `User: ${testCloud.operator(LOG).arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    });
    const errors = [
      await refused(assume({ RoleSessionName: "a b" })),
      await refused(assume({ DurationSeconds: 60 })),
      await refused(assume({ RoleArn: "reader" })),
    ];
    expect(errors.map(({ name }) => name)).to.deep.equal(Array(3).fill("ValidationError"));
    const narrowed = await refused(assume({ Policy: "{}" }));
    expect(narrowed.message).to.equal(
      "not rehearsed: sts:AssumeRole with Policy: the local cloud does not model it",
    );
  });
});
