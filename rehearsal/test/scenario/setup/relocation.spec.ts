import { expect } from "chai";
import { partitionNamed } from "../../../kernel/partition.js";
import { Relocation } from "../../../scenario/setup/relocation.js";

const project = { name: "p", folder: "", main: "", defaults: {} };
const stack = (config: Record<string, unknown>) => ({ name: "one", file: "", config });

describe("a rehearsal in another partition", () => {
  const log = stack({ "p:partition": "aws", "p:regions": ["eu-west-1", "us-east-1"] });
  const member = stack({ "p:partition": "aws", "p:regions": ["us-east-1"], "p:vpc": "main" });
  const moved = (id: string, ...stacks: ReturnType<typeof stack>[]) => {
    const relocation = new Relocation(project, partitionNamed(id), stacks);
    return stacks.map((stack) => relocation.stack(stack).config);
  };

  it("has all Regions of a stack, and the same one for the same name in every stack", () => {
    expect(moved("aws-cn", log, member)).to.deep.equal([
      { "p:partition": "aws-cn", "p:regions": ["cn-north-1", "cn-northwest-1"] },
      { "p:partition": "aws-cn", "p:regions": ["cn-northwest-1"], "p:vpc": "main" },
    ]);
    expect(moved("aws-us-gov", log)).to.deep.equal([
      { "p:partition": "aws-us-gov", "p:regions": ["us-gov-west-1", "us-gov-east-1"] },
    ]);
  });

  it("uses the last Region for all that are more than the partition has, once", () => {
    const many = stack({ "p:regions": ["eu-central-1", "eu-west-1", "us-east-1"] });
    expect(moved("aws-cn", many, stack({ "p:regions": ["us-east-1"] }))).to.deep.equal([
      { "p:partition": "aws-cn", "p:regions": ["cn-north-1", "cn-northwest-1"] },
      { "p:partition": "aws-cn", "p:regions": ["cn-northwest-1"] },
    ]);
  });

  it("moves only Regions and ARNs in other settings, too", () => {
    const settings = {
      "p:regions": ["eu-west-1"],
      "p:key": "arn:aws:kms:eu-west-1:111111111111:key/1",
      "p:role": "arn:aws:iam::111111111111:role/eu-west-1",
      "p:center": { region: "eu-west-1", names: ["my eu-west-1"], days: 3, off: null },
    };
    expect(moved("aws-cn", stack(settings))).to.deep.equal([
      {
        "p:partition": "aws-cn",
        "p:regions": ["cn-north-1"],
        "p:key": "arn:aws-cn:kms:cn-north-1:111111111111:key/1",
        "p:role": "arn:aws-cn:iam::111111111111:role/eu-west-1",
        "p:center": { region: "cn-north-1", names: ["my eu-west-1"], days: 3, off: null },
      },
    ]);
  });

  it("leaves a stack of that partition as it is, and what is no list to the program", () => {
    const chinese = stack({ "p:partition": "aws-cn", "p:regions": ["cn-northwest-1"] });
    expect(moved("aws-cn", chinese)).to.deep.equal([chinese.config]);
    expect(moved("aws-cn", stack({ "p:regions": "eu-west-1" }))).to.deep.equal([
      { "p:partition": "aws-cn", "p:regions": "eu-west-1" },
    ]);
    const stays = new Relocation(project, undefined, [log]);
    expect([stays.stack(log), stays.region("eu-west-1")]).to.deep.equal([log, "eu-west-1"]);
  });
});
