import { expect } from "chai";
import type { StackSettings } from "../../lib/stacks-together.js";
import { checkTogether } from "../../lib/stacks-together.js";

type Values = Readonly<Record<string, unknown>>;

const log = (values: Values = {}, stack = "log"): StackSettings => ({
  stack,
  settings: {
    role: "log",
    account: "111111111111",
    partition: "aws",
    prefix: "cf",
    regions: ["eu-central-1"],
    packages: [{ name: "tool", share: ["222222222222"] }],
    ...values,
  },
});

const member = (values: Values = {}, stack = "member"): StackSettings => ({
  stack,
  settings: {
    role: "member",
    account: "222222222222",
    partition: "aws",
    prefix: "cf",
    regions: ["eu-central-1"],
    logStack: "organization/fleet/log",
    hosts: { web: { platform: "linux", packages: ["tool"] } },
    ...values,
  },
});

/** `stack key: reason` */
const texts = (
  list: readonly { readonly stack?: string; readonly key: string; readonly reason: string }[],
) => list.map(({ stack = "-", key, reason }) => `${stack} ${key}: ${reason}`);

describe("The stacks of a folder", () => {
  it("that go together have no problems", () => {
    const found = [
      checkTogether("fleet", [log(), member()]),
      checkTogether("fleet", [log({ packages: [{ name: "tool", share: "*" }] }), member()]),
      checkTogether("fleet", [
        log({ packages: [{ name: "tool", share: "333333333333, 222222222222" }] }),
        member({ logStack: "log" }),
      ]),
      checkTogether("fleet", [log(), member({ hosts: {} })]),
      // The program reports what is wrong within a file.
      checkTogether("fleet", [log({ packages: "tool", regions: "x" }), member({ hosts: [] })]),
    ];
    for (const { problems, warnings } of found)
      expect([problems, warnings]).to.deep.equal([[], []]);
  });

  const wrong: readonly [what: string, stacks: StackSettings[], problems: string[]][] = [
    [
      "a member in the log account",
      [log(), member({ account: "111111111111", hosts: {} })],
      [
        'member fleet:account: expected an account of its own, got "111111111111", which is that of stack "log"; hosts live in other accounts than the log stack',
      ],
    ],
    [
      "two members in one account",
      [log(), member(), member({}, "other")],
      [
        'other fleet:account: expected an account of its own, got "222222222222", which is that of stack "member"; an account has one stack',
      ],
    ],
    [
      "a misspelt log stack",
      [log(), member({ logStack: "organization/fleet/lgo" })],
      [
        'member fleet:logStack: expected a stack of role log that has a file here (organization/fleet/log), got "organization/fleet/lgo"; did you mean "organization/fleet/log"?',
      ],
    ],
    [
      "a log stack of another project",
      [log(), member({ logStack: "organization/float/log" })],
      [
        'member fleet:logStack: expected a stack of role log that has a file here (organization/fleet/log), got "organization/float/log"; did you mean "organization/fleet/log"?',
      ],
    ],
    [
      "a log stack that is a member",
      [log(), member({ logStack: "organization/fleet/member" })],
      [
        'member fleet:logStack: expected a stack of role log that has a file here (organization/fleet/log), got "organization/fleet/member", which is of another role; did you mean "organization/fleet/log"?',
      ],
    ],
    [
      "no log stack",
      [member()],
      [
        'member fleet:logStack: expected a stack of role log that has a file here (none), got "organization/fleet/log"; add its file, or correct the name',
      ],
    ],
    [
      "another prefix and another Region",
      [log(), member({ prefix: "fl", regions: ["eu-central-1", "eu-west-1"] })],
      [
        'member fleet:prefix: expected "cf" as in stack "log", got "fl"; each looks for names of the other that begin so: set the same in both',
        'member fleet:regions[1]: expected a Region of stack "log" (eu-central-1), got "eu-west-1"; add it there first',
      ],
    ],
    [
      "another partition",
      [log(), member({ partition: "aws-cn", hosts: {} })],
      [
        'member fleet:partition: expected aws as in stack "log", got aws-cn; a rehearsal is in one partition: put the stacks of each into a folder of their own, and name it by --stack-config',
      ],
    ],
    [
      "packages that are not there, or not shared",
      [
        log({ packages: [{ name: "tool" }, { name: "agent", share: ["333333333333"] }] }),
        member({ hosts: { web: { packages: ["tool", "agent", "tol"] } } }),
      ],
      [
        'member fleet:hosts.web.packages[0]: expected a package that stack "log" shares with 222222222222, got "tool", which is shared with no account; add the account to its share there',
        'member fleet:hosts.web.packages[1]: expected a package that stack "log" shares with 222222222222, got "agent", which is shared with 333333333333; add the account to its share there',
        'member fleet:hosts.web.packages[2]: expected a package of stack "log" (agent, tool), got "tol"; publish it there first',
      ],
    ],
  ];
  for (const [what, stacks, problems] of wrong) {
    it(`are refused with ${what}`, () => {
      expect(texts(checkTogether("fleet", stacks).problems)).to.deep.equal(problems);
    });
  }

  it("with two log stacks, no member or an account to run in without one are reported, as either may be meant", () => {
    const two = checkTogether("fleet", [log(), log({ account: "333333333333" }, "old"), member()]);
    expect([texts(two.warnings), two.problems]).to.deep.equal([
      [
        "old fleet:role: expected one stack of role log, got 2 (log, old); each is deployed, and members use the one of their fleet:logStack",
      ],
      [],
    ]);
    const runAccounts = ["222222222222", "222222222223", "555555555555"];
    const mistyped = checkTogether("fleet", [log({ runAccounts }), member()]);
    const expected =
      "expected the account of a stack of role member that has a file here (222222222222)";
    expect([texts(mistyped.warnings), mistyped.problems]).to.deep.equal([
      [
        `log fleet:runAccounts[1]: ${expected}, got "222222222223"; did you mean "222222222222"?`,
        `log fleet:runAccounts[2]: ${expected}, got "555555555555"; runs find no role there until its stack is deployed`,
      ],
      [],
    ]);
    const alone = checkTogether("fleet", [log()]);
    expect([texts(alone.warnings), alone.problems]).to.deep.equal([
      [
        "- fleet:role: expected a stack of role member, which has the hosts, got none; write Pulumi.<stack>.yaml with fleet:role: member",
      ],
      [],
    ]);
  });
});
