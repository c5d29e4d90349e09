import { expect } from "chai";
import {
  adHocDocumentName,
  bootstrapDocumentName,
  bootstrapRuleName,
  documentNameProblem,
  failureTopicName,
  hostLogGroupPrefix,
  keyAlias,
  outputBucketName,
  packageDocumentName,
  renameDocumentName,
  runDocumentName,
  runOperatorRoleName,
  runReaderRoleName,
  scriptDocumentName,
} from "../../components/names.js";
import { logAccount } from "../support/account.js";

describe("Fixed physical names", () => {
  it("are those that people and other accounts know", () => {
    expect([
      packageDocumentName("cf", "fleet-facts"),
      bootstrapDocumentName("cf"),
      renameDocumentName("cf"),
      bootstrapRuleName("cf", "running"),
      failureTopicName("cf"),
      hostLogGroupPrefix("cf"),
      keyAlias("cf", "packages"),
      runDocumentName("cf"),
      scriptDocumentName("cf", "ports"),
      adHocDocumentName("cf", "0123456789abcdef"),
      runReaderRoleName("cf"),
      runOperatorRoleName("cf"),
      outputBucketName("cf", "111111111111", "eu-west-1"),
    ]).to.deep.equal([
      "cf-package-fleet-facts",
      "cf-ec2-bootstrap",
      "cf-ec2-bootstrap-rename",
      "cf-ec2-bootstrap-running",
      "cf-ec2-bootstrap-failures",
      "/cf/ec2/",
      "alias/cf-packages",
      "cf-run-script",
      "cf-script-ports",
      "cf-run-0123456789ab",
      "cf-run-reader",
      "cf-run-operator",
      "cf-output-111111111111-eu-west-1",
    ]);
  });

  it("are within AWS's limits with the longest prefix", () => {
    const prefix = "a".repeat(20);
    expect(bootstrapDocumentName(prefix)).to.have.length.at.most(128);
    expect(bootstrapRuleName(prefix, "requested")).to.have.length.at.most(64);
    expect(failureTopicName(prefix)).to.have.length.at.most(256);
    expect(keyAlias(prefix, "bootstrap")).to.have.length.at.most(256);
    expect(runReaderRoleName(prefix)).to.have.length.at.most(64);
    expect(runOperatorRoleName(prefix)).to.have.length.at.most(64);
    expect(outputBucketName(prefix, "1".repeat(12), "ap-southeast-1")).to.have.length.at.most(63);
    // What a document's ARN leaves in the Region with the longest name.
    expect(scriptDocumentName(prefix, "b".repeat(40))).to.have.length.at.most(73);
  });

  it("differ between two installations in one account", () => {
    const names = (prefix: string) => [
      packageDocumentName(prefix, "tool"),
      bootstrapDocumentName(prefix),
      renameDocumentName(prefix),
      bootstrapRuleName(prefix, "running"),
      failureTopicName(prefix),
      hostLogGroupPrefix(prefix),
      keyAlias(prefix, "packages"),
      keyAlias(prefix, "bootstrap"),
    ];
    expect(new Set([...names("a"), ...names("b")])).to.have.property("size", 16);
  });

  // What aws-facts says is left for a name after the rest of the ARN.
  const room = { "us-east-1": 84, "ap-southeast-1": 79 };
  for (const [region, most] of Object.entries(room)) {
    it(`leave ${most} characters for a document in ${region}`, () => {
      const problem = (length: number) =>
        documentNameProblem("a".repeat(length), logAccount(), [region]);
      expect(problem(most)).to.equal(undefined);
      expect(problem(most + 1)).to.match(/got 129 .*; shorten the name by 1$/);
    });
  }

  it("leave 73 characters for a document in us-gov-west-1", () => {
    const account = { ...logAccount(), partition: "aws-us-gov" } as const;
    const problem = (length: number) =>
      documentNameProblem("a".repeat(length), account, ["us-gov-west-1"]);
    expect(problem(73)).to.equal(undefined);
    expect(problem(74)).to.match(/got 129/);
  });
});
