import { expect } from "chai";
import { ConfigError } from "../../stacks/config.js";
import { deployMember } from "../../stacks/member.js";
import { logExports, memberConfig } from "../support/configs.js";
import { mockProgram } from "../support/mocked-program.js";

const at = "fleet:schedules.night";
const schedule = "rate(1 day)";
const AutomationAssumeRole = "arn:aws:iam::222222222222:role/healer";

/** What AWS has, by name: its type, and what it takes. */
const documents: Record<string, { documentType: string; content: string }> = {
  Clean: command({
    Depth: { type: "Integer", default: 1 },
    Mode: { type: "String", allowedValues: ["soft", "hard"] },
    Path: { type: "String", allowedPattern: "/[a-z]+", default: "/tmp" },
    Labels: { type: "StringMap", default: {} },
  }),
  Heal: runbook({
    AutomationAssumeRole: { type: "AWS::IAM::Role::Arn" },
    Hosts: { type: "StringList" },
    Deep: { type: "Boolean", default: false },
    // Automation looks for it anywhere in the value.
    Note: { type: "String", default: "", allowedPattern: "[0-9]" },
    // Java takes this, JavaScript does not.
    Word: { type: "String", default: "", allowedPattern: "(?i)[a-z]++" },
  }),
  Bare: runbook({}),
  "AWS-Unknown": { documentType: "", content: "{}" },
};

function command(parameters: object) {
  return {
    documentType: "Command",
    content: JSON.stringify({ schemaVersion: "2.2", parameters, mainSteps: [] }),
  };
}

function runbook(parameters: object) {
  return {
    documentType: "Automation",
    content: JSON.stringify({ schemaVersion: "0.3", parameters, mainSteps: [] }),
  };
}

/** As gRPC hands an engine's words over. */
const refused = (words: string) => Object.assign(new Error(words), { details: words });

/** The lookups of the last program, in order: `Clean in eu-central-1`. */
let asked: string[] = [];

/** What the member's program says of a schedule; empty where it deploys it. */
async function problems(
  entry: object,
  regions = ["eu-central-1"],
  others: Record<string, object> = {},
): Promise<string[]> {
  asked = [];
  const config = memberConfig({
    hosts: {},
    vpc: "",
    regions,
    schedules: { night: { schedule, ...entry }, ...others },
  });
  const program = await mockProgram({
    stack: "member",
    stacks: { "organization/fleet/log": logExports({ regions }) },
    invokes: {
      "aws:ssm/getDocument:getDocument": ({ name, region }) => {
        asked.push(`${String(name)} in ${String(region)}`);
        const found = documents[String(name)];
        if (name === "Secret") throw refused("AccessDeniedException: not allowed");
        if (found === undefined || (name === "Bare" && region !== "eu-central-1"))
          throw refused(`reading SSM Document (${String(name)}): InvalidDocument: none`);
        return found;
      },
    },
  });
  try {
    await deployMember(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await program.settled();
    const made = program.resources.map(({ type }) => type);
    expect(made, "made before the error").to.deep.equal(["pulumi:providers:aws"]);
    return error.problems.map(({ key, reason }) => `${key}: ${reason}`);
  }
  await program.settled();
  return [];
}

describe("Documents and runbooks of fleet:schedules", () => {
  const fine: [what: string, entry: object][] = [
    ["a document with what it needs", { document: "Clean", parameters: { Mode: "soft" } }],
    [
      "values of every type",
      { document: "Clean", parameters: { Mode: "hard", Depth: -2, Labels: '{"a":"b"}' } },
    ],
    [
      "a runbook, whose patterns are looked for anywhere",
      {
        runbook: "Heal",
        parameters: { AutomationAssumeRole, Hosts: "i-1", Deep: "True", Note: "at 5", Word: "!" },
      },
    ],
    ["a document that nobody knows", { document: "AWS-Unknown", parameters: { Any: "thing" } }],
    ["a document that may not be read", { document: "Secret", parameters: { Any: "thing" } }],
    [
      "a runbook of the stack itself, before it is there",
      {
        runbook: "cf-ec2-bootstrap-reconcile",
        parameters: { AutomationAssumeRole },
      },
    ],
  ];
  for (const [what, entry] of fine) {
    it(`takes ${what}`, async () => {
      expect(await problems(entry)).to.deep.equal([]);
    });
  }

  const wrong: [what: string, entry: object, reasons: string[]][] = [
    [
      "names that the document does not have, values that it does not take, and the lack of one",
      {
        document: "Clean",
        parameters: { Pat: "x", Depth: "deep", Path: "tmp", Labels: "[1]" },
      },
      [
        `${at}.parameters.Pat: expected a parameter of document Clean (Depth, Mode, Path, Labels), got "Pat"; did you mean "Path"?`,
        `${at}.parameters.Depth: expected a whole number, got "deep"`,
        `${at}.parameters.Mode: expected a value, got none; document Clean has no default for it`,
        `${at}.parameters.Path: expected a text like /[a-z]+, got "tmp"`,
        `${at}.parameters.Labels: expected a JSON object, got "[1]"`,
      ],
    ],
    [
      "a value that is none of the allowed ones",
      { document: "Clean", parameters: { Mode: "gentle" } },
      [`${at}.parameters.Mode: expected one of soft, hard, got "gentle"`],
    ],
    [
      "what a runbook does not take, in an association as in a window",
      { runbook: "Heal", parameters: { AutomationAssumeRole, Deep: "deep", Note: "now" } },
      [
        `${at}.parameters.Hosts: expected a value, got none; runbook Heal has no default for it`,
        `${at}.parameters.Deep: expected true or false, got "deep"`,
        `${at}.parameters.Note: expected a text like [0-9], got "now"`,
      ],
    ],
    [
      "a role for a runbook that takes none",
      { runbook: "Bare", parameters: { AutomationAssumeRole } },
      [
        `${at}.parameters.AutomationAssumeRole: expected a parameter of runbook Bare (it has none), got "AutomationAssumeRole"`,
      ],
    ],
    [
      "a document for a runbook",
      { runbook: "Clean", parameters: { AutomationAssumeRole } },
      [`${at}.runbook: expected a document of type Automation, got "Clean" of type Command`],
    ],
    [
      "a document that does not exist",
      { document: "Cleen", kind: "association" },
      [
        `${at}.document: expected a document of the account or of AWS in eu-central-1, found no "Cleen"; create it before its schedule`,
      ],
    ],
    [
      "a misspelt runbook of the stack",
      { runbook: "cf-ec2-bootstrp", parameters: { AutomationAssumeRole } },
      [
        `${at}.runbook: expected a runbook of the account or of AWS in eu-central-1, found no "cf-ec2-bootstrp"; did you mean "cf-ec2-bootstrap"?`,
      ],
    ],
  ];
  for (const [what, entry, reasons] of wrong) {
    it(`refuses ${what}`, async () => {
      expect(await problems(entry)).to.deep.equal(reasons);
    });
  }

  it("asks for a document once a Region, however many schedules name it", async () => {
    const entry = { document: "Clean", parameters: { Mode: "soft" } };
    const others = { noon: { schedule, ...entry }, week: { schedule, ...entry } };
    expect(await problems(entry, ["eu-central-1", "eu-west-1"], others)).to.deep.equal([]);
    expect(asked).to.deep.equal(["Clean in eu-central-1", "Clean in eu-west-1"]);
  });

  it("refuses the runbook of collections in a stack without collections, which does not make it", async () => {
    const entry = { runbook: "cf-collect", parameters: { AutomationAssumeRole } };
    expect(await problems(entry)).to.deep.equal([
      `${at}.runbook: expected a runbook of the account or of AWS in eu-central-1, found no "cf-collect"; create it before its schedule`,
    ]);
  });

  it("looks in every Region, and tells once what is wrong in all of them", async () => {
    const regions = ["eu-central-1", "eu-west-1"];
    expect(await problems({ document: "Clean" }, regions)).to.have.length(1);
    const entry = { runbook: "Bare", parameters: { AutomationAssumeRole } };
    expect(await problems(entry, regions)).to.have.length(2);
  });
});
