import { expect } from "chai";
import { ConfigError } from "../../stacks/config.js";
import { deployMember } from "../../stacks/member.js";
import { logExports, memberConfig } from "../support/configs.js";
import { mockProgram } from "../support/mocked-program.js";

const UBUNTU = "/aws/service/canonical/ubuntu/server/24.4/stable/current/amd64/hvm/ebs-gp3/ami-id";

/** As gRPC hands an engine's words over. */
const refused = (words: string) => Object.assign(new Error(words), { details: words });

const program = (answer: (name: unknown) => Record<string, unknown>) =>
  mockProgram({
    stack: "member",
    stacks: { "organization/fleet/log": logExports() },
    invokes: {
      "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }),
      "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-1"] }),
      "aws:ssm/getParameter:getParameter": ({ name }) => answer(name),
      "aws:directoryservice/getDirectory:getDirectory": ({ directoryId }) => answer(directoryId),
    },
  });

describe("What fleet:hosts names", () => {
  const hosts = {
    web: { platform: "linux", image: UBUNTU },
    db: { platform: "linux" },
    fs: { platform: "windows", domain: "d-1234567890" },
  };

  it("is an error with its key where it does not exist, before anything is made", async () => {
    const mocked = await program((name) => {
      if (name === UBUNTU)
        throw refused(`reading SSM Parameter (${UBUNTU}): couldn't find resource`);
      if (name === "d-1234567890") throw refused("EntityDoesNotExistException: no such directory");
      return { insecureValue: "ami-1" };
    });
    const error: unknown = await deployMember(memberConfig({ hosts })).catch((e: unknown) => e);
    await mocked.settled();
    expect(mocked.resources.map(({ type }) => type)).to.deep.equal(["pulumi:providers:aws"]);
    expect((error as ConfigError).problems).to.deep.equal([
      {
        key: "fleet:hosts.web.image",
        reason: `expected the public parameter of an image in eu-central-1, found none called "${UBUNTU}"; aws ssm get-parameters-by-path --recursive --path /aws/service/canonical/ubuntu/server/24.4/stable/current/amd64/hvm/ebs-gp3 --region eu-central-1 lists those nearby`,
      },
      {
        key: "fleet:hosts.fs.domain",
        reason:
          'expected a directory of the account in eu-central-1, found none with the id "d-1234567890"; aws ds describe-directories --region eu-central-1 lists them',
      },
    ]);
    expect(error).to.be.instanceOf(ConfigError);
  });
});
