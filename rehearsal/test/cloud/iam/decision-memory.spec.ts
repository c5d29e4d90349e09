import fc from "fast-check";
import { Authorization } from "../../../cloud/iam/authorization.js";
import type { Access, PlacedPolicy, PolicyDocument } from "../../../kernel/access.js";
import type { RoleSession } from "../../../kernel/principal.js";

const ACCOUNT = "222222222222";
const ID = "i-0123456789abcdef0";
const OTHER_ID = "i-0fedcba9876543210";
const arn = (resource: string) => `arn:aws:ec2:eu-central-1:${ACCOUNT}:${resource}`;

const resources = [
  "*",
  arn("instance/*"),
  arn(`instance/${ID}`),
  arn("instance/i-0123*"),
  arn("instance/i-0f?dcba9876543210"),
  arn("instance/${aws:PrincipalTag/host}"),
];
const conditions = [
  undefined,
  { StringEquals: { "aws:ResourceTag/Role": "web" } },
  { StringNotEquals: { "aws:resourcetag/Role": "web" } },
  { StringLike: { "aws:PrincipalTag/host": "i-0123*" } },
  { Null: { "aws:ResourceTag/Role": "true" } },
  { StringEquals: { "aws:ResourceAccount": ACCOUNT } },
  { Bool: { "aws:SecureTransport": "false" } },
];

const policy = fc
  .array(
    fc.record({
      Effect: fc.constantFrom("Allow", "Allow", "Deny"),
      Action: fc.constantFrom("ec2:TerminateInstances", "ec2:StopInstances", "ec2:*"),
      Resource: fc.constantFrom(...resources),
      Condition: fc.constantFrom(...conditions),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((statements): PlacedPolicy => {
    const Statement = statements.map(({ Condition, ...rest }) => ({
      ...rest,
      ...(Condition !== undefined && { Condition }),
    }));
    const document = { Version: "2012-10-17", Statement } as unknown as PolicyDocument;
    return { place: "role", document };
  });

const question = fc.record({
  action: fc.constantFrom("ec2:TerminateInstances", "ec2:StopInstances"),
  id: fc.constantFrom(ID, OTHER_ID, "i-0123456789abcdef1"),
  role: fc.constantFrom(undefined, "web", "db"),
  host: fc.constantFrom(undefined, ID, OTHER_ID),
  isSecure: fc.constantFrom("true", "false"),
  policy: fc.nat({ max: 1 }),
});

const session: RoleSession = {
  kind: "session",
  account: ACCOUNT,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/tester`,
  roleName: "tester",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/tester/test`,
  sessionName: "test",
};

describe("The memory of decisions", () => {
  it("gives the decision that is given without it, for any policies and questions in any order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(policy, policy),
        fc.array(question, { minLength: 2, maxLength: 20 }),
        async (policies, questions) => {
          const remembering = new Authorization();
          const identities = policies.map((policy) => [policy]);
          for (const question of questions) {
            const access: Access = {
              action: question.action,
              resource: arn(`instance/${question.id}`),
              resourceAccount: ACCOUNT,
              ...(question.role !== undefined && {
                context: { "aws:ResourceTag/Role": question.role },
              }),
            };
            const context = {
              "aws:PrincipalAccount": ACCOUNT,
              "aws:SecureTransport": question.isSecure,
              ...(question.host !== undefined && { "aws:PrincipalTag/host": question.host }),
            };
            const identity = identities[question.policy] ?? [];
            const fresh = await new Authorization().decide(session, identity, access, context);
            const isKnown = remembering.isKnownToAllow(session, identity, access, context);
            const remembered = await remembering.decide(session, identity, access, context);
            if (isKnown && fresh !== undefined) return false;
            if ((remembered === undefined) !== (fresh === undefined)) return false;
          }
          return true;
        },
      ),
      { numRuns: 150 },
    );
  });
});
