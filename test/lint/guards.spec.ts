import { expect } from "chai";
import { ESLint } from "eslint";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

/** A component whose constructor makes its children with `body`. */
const component = (body: string, rest = "") => `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  export declare function note(text: string): void;
  export interface PlantedArgs {
    readonly bucketArn: pulumi.Input<string>;
    readonly logged?: pulumi.Input<boolean>;
    readonly keyArn?: pulumi.Input<string>;
    readonly zones: readonly string[];
  }
  export class Planted extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;
    constructor(name: string, args: PlantedArgs, opts: pulumi.ComponentResourceOptions) {
      super("fleet:index:Planted", name, { zones: args.zones }, opts);
      const topic = new aws.sns.Topic(\`\${name}-topic\`, {}, { parent: this });
      ${body}
      this.arn = topic.arn;
      this.registerOutputs({ arn: this.arn });
      ${rest}
    }
  }`;

/** A component with this constructor, for the mistakes around `super` and `registerOutputs`. */
const constructed = (statements: string) => `
  import * as pulumi from "@pulumi/pulumi";
  export class Planted extends pulumi.ComponentResource {
    constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
      ${statements}
    }
  }`;

const sdk = `import * as aws from "@pulumi/aws";\nimport * as pulumi from "@pulumi/pulumi";\n`;

/** The rules that must report, what the first must say, the file it is planted in, the mistake. */
type Planted = readonly [rules: string | string[], says: string, file: string, code: string];

const mistakes: Record<string, Planted> = {
  "a resource made inside apply": [
    "fleet/no-resource-in-apply",
    "make it outside",
    "components/in-apply.ts",
    component(
      "topic.arn.apply((arn) => new aws.sns.Topic(`${name}-copy`, { displayName: arn }, { parent: this }));",
    ),
  ],
  "a resource made inside all": [
    "fleet/no-resource-in-apply",
    "make it outside",
    "stacks/in-all.ts",
    `${sdk}
    export const made = (arn: pulumi.Output<string>, provider: aws.Provider) =>
      pulumi.all([arn, provider.urn]).apply(([known]) => {
        const topic = new aws.sns.Topic("copy", { displayName: known }, { provider });
        return topic.arn;
      });`,
  ],
  "a resource adopted inside apply": [
    "fleet/no-resource-in-apply",
    "make it outside",
    "components/adopted.ts",
    component('topic.arn.apply((arn) => aws.sns.Topic.get("found", arn));'),
  ],
  "an Output read with get()": [
    "fleet/no-output-as-value",
    "use apply",
    "components/get.ts",
    component("note(topic.arn.get());"),
  ],
  "an Output in a template": [
    ["@typescript-eslint/restrict-template-expressions", "@typescript-eslint/no-base-to-string"],
    "Invalid type",
    "components/template.ts",
    component("note(`made ${topic.arn}`);"),
  ],
  "an Output added to a string": [
    ["@typescript-eslint/restrict-plus-operands", "@typescript-eslint/no-base-to-string"],
    "Invalid operand",
    "components/plus.ts",
    component('note("made " + topic.arn);'),
  ],
  "an Output turned into a string": [
    "@typescript-eslint/no-base-to-string",
    "[object Object]",
    "components/to-string.ts",
    component("note(String({ made: topic }));"),
  ],
  "an Output as a condition": [
    "fleet/no-output-as-value",
    "always true",
    "components/condition.ts",
    component('if (topic.arn) note("made");'),
  ],
  "a boolean argument, perhaps an Output, as a condition": [
    "fleet/no-output-as-value",
    "always true",
    "components/boolean.ts",
    component('note(args.logged ? "logged" : "not logged");'),
  ],
  "an Output inside JSON.stringify": [
    "fleet/no-output-as-value",
    "pulumi.jsonStringify",
    "components/stringify.ts",
    component("note(JSON.stringify({ Resource: [{ Arn: args.bucketArn }] }));"),
  ],
  "a child without options": [
    "fleet/parent",
    "{ parent: this }",
    "components/orphan.ts",
    component("new aws.sns.Topic(`${name}-orphan`, {});"),
  ],
  "a child with options but no parent": [
    "fleet/parent",
    "{ parent: this }",
    "components/protected-orphan.ts",
    component("new aws.sns.Topic(`${name}-orphan`, {}, { protect: true });"),
  ],
  "a child that gets its component's own options": [
    "fleet/parent",
    "{ parent: this }",
    "components/sibling.ts",
    component("new aws.sns.Topic(`${name}-orphan`, {}, opts);"),
  ],
  "a fixed child name": [
    "fleet/child-name",
    "begin it with the component's own",
    "components/fixed.ts",
    component('new aws.sns.Topic("topic", {}, { parent: this });'),
  ],
  "a child name that begins with a fixed word": [
    "fleet/child-name",
    "begin it with the component's own",
    "components/prefixed.ts",
    component("new aws.sns.Topic(`topic-${name}`, {}, { parent: this });"),
  ],
  "a child name from a position": [
    "fleet/child-name",
    "key it by something stable",
    "components/position.ts",
    component(
      "args.zones.map((zone, i) => new aws.sns.Topic(`${name}-${i}`, { displayName: zone }, { parent: this }));",
    ),
  ],
  "a component without registerOutputs": [
    "fleet/register-outputs",
    "end the constructor with it",
    "components/unregistered.ts",
    constructed('super("fleet:index:Planted", name, {}, opts);'),
  ],
  "a child made after registerOutputs": [
    "fleet/register-outputs",
    "call it last",
    "components/late.ts",
    component("", "new aws.sns.Topic(`${name}-late`, {}, { parent: this });"),
  ],
  "registerOutputs without outputs": [
    "fleet/register-outputs",
    "gets the component's outputs",
    "components/empty.ts",
    constructed('super("fleet:index:Planted", name, {}, opts); this.registerOutputs();'),
  ],
  "all arguments handed to super": [
    "fleet/no-args-to-super",
    "pass a chosen subset",
    "components/whole-args.ts",
    constructed('super("fleet:index:Planted", name, args, opts); this.registerOutputs({});'),
  ],
  "an invoke without options": [
    "fleet/invoke-parent",
    "{ parent: this }",
    "components/invoke.ts",
    component("note(typeof aws.getRegionOutput({}));"),
  ],
  "a preview that differs": [
    "fleet/no-dry-run",
    "declare the same",
    "stacks/dry-run.ts",
    `import * as pulumi from "@pulumi/pulumi";
    export const rate = pulumi.runtime.isDryRun() ? 1 : 2;`,
  ],
  "a second place that reads config": [
    "fleet/config-in-one-place",
    "stacks/config.ts",
    "stacks/member.ts",
    `import * as pulumi from "@pulumi/pulumi";
    export const role = new pulumi.Config().require("role");`,
  ],
  "a second place that makes a provider": [
    "fleet/provider-in-one-place",
    "allowedAccountIds",
    "stacks/shared.ts",
    `import * as aws from "@pulumi/aws";
    export const provider = new aws.Provider("other", { region: "eu-west-1" });`,
  ],
  "an import by name": [
    "fleet/namespace-import",
    "import * as aws",
    "stacks/named.ts",
    `import { sns } from "@pulumi/aws";\nexport const topic = sns.Topic;`,
  ],
  "the environment read in a component": [
    "fleet/no-ambient-input",
    "take the value as an argument",
    "components/environment.ts",
    `export const home = process.env.HOME ?? "";`,
  ],
  "a file read in a component": [
    "fleet/no-ambient-input",
    "take the value as an argument",
    "components/file.ts",
    `import { readFileSync } from "node:fs";\nexport const read = () => readFileSync("x", "utf8");`,
  ],
  "the clock read in a component": [
    "fleet/no-ambient-input",
    "take the value as an argument",
    "components/time.ts",
    `export const now = () => Date.now();`,
  ],
  "a printed value": [
    "no-console",
    "Unexpected console statement",
    "components/print.ts",
    component("topic.arn.apply((arn) => console.log(arn));"),
  ],
  "the program importing the rehearsal": [
    "fleet/one-way",
    "nothing here may import from rehearsal",
    "stacks/from-rehearsal.ts",
    `export { cloud } from "../rehearsal/cloud/cloud.js";`,
  ],
  "the program importing the command": [
    "fleet/one-way",
    "nothing here may import from cli",
    "index.ts",
    `import { command } from "./cli/command.js";\nexport const name = command;`,
  ],
  "a component importing a stack": [
    "fleet/one-way",
    "nothing here may import from stacks",
    "components/from-stack.ts",
    `import type { Role } from "../stacks/config.js";\nexport type R = Role;`,
  ],
  "a stack that reads config past its door": [
    "fleet/one-way",
    "nothing here may import from stacks/config/",
    "stacks/log/past-the-door.ts",
    `export { entry } from "../config/entry.js";`,
  ],
  "a command that reads config past its door": [
    "fleet/one-way",
    "nothing here may import from stacks/config/",
    "cli/past-the-door.ts",
    `export { entry } from "../stacks/config/entry.js";`,
  ],
  "the rehearsal importing the program": [
    "fleet/one-way",
    "nothing here may import from components",
    "rehearsal/from-component.ts",
    `export const load = async () => (await import("../components/clean.js")).Planted.name;`,
  ],
  "the rehearsal's kernel importing a service": [
    "fleet/one-way",
    "nothing here may import from rehearsal/cloud",
    "rehearsal/kernel/from-cloud.ts",
    `import type { Cloud } from "../cloud/cloud.js";\nexport type C = Cloud;`,
  ],
  "the rehearsal's runbooks importing the cloud": [
    "fleet/one-way",
    "nothing here may import from rehearsal/cloud",
    "rehearsal/runbook/actions/from-cloud.ts",
    `import type { Cloud } from "../../cloud/cloud.js";\nexport type C = Cloud;`,
  ],
  "a service importing the cloud": [
    "fleet/one-way",
    "nothing here may import from rehearsal/cloud/cloud",
    "rehearsal/cloud/services/sqs/from-cloud.ts",
    `import type { Cloud } from "../../cloud.js";\nexport type C = Cloud;`,
  ],
  "a command importing the rehearsal": [
    "fleet/one-way",
    "nothing here may import from rehearsal",
    "cli/from-rehearsal.ts",
    `export { cloud } from "../rehearsal/cloud/cloud.js";`,
  ],
  "a module without its extension": [
    "fleet/module-extension",
    'Name the module with its extension: "./command.js"',
    "cli/without-extension.ts",
    `export { command } from "./command";`,
  ],
  "a type among the values of an import": [
    "fleet/type-import",
    "import type { … }",
    "cli/type-among-values.ts",
    `import { type Role, role } from "../stacks/config.js";
    export const is = (other: Role) => other === role;`,
  ],
  "a type imported as a value": [
    "@typescript-eslint/consistent-type-imports",
    "only used as types",
    "cli/type-as-value.ts",
    `import { Role } from "../stacks/config.js";
    export type R = Role;`,
  ],
  "the rehearsal importing the entry point": [
    "fleet/one-way",
    "nothing here may import from index",
    "rehearsal/cloud/from-index.ts",
    `export { name } from "../../index.js";`,
  ],
  "code that ships importing tests": [
    "fleet/one-way",
    "nothing here may import from test",
    "cli/from-test.ts",
    `export { world } from "../test/clean.js";`,
  ],
  "the wall clock in the local cloud": [
    "fleet/virtual-time",
    "virtual time",
    "rehearsal/cloud/now.ts",
    `export const now = () => Date.now();`,
  ],
  "today's date in the executor": [
    "fleet/virtual-time",
    "virtual time",
    "rehearsal/runbook/today.ts",
    `export const today = () => new Date().toISOString();`,
  ],
  "chance on a host": [
    "fleet/virtual-time",
    "virtual time",
    "rehearsal/host/chance.ts",
    `export const jitter = () => Math.random();`,
  ],
  any: [
    "@typescript-eslint/no-explicit-any",
    "Unexpected any",
    "rehearsal/any.ts",
    `export interface Call { readonly input: any }`,
  ],
  "a promise nobody waits for": [
    "@typescript-eslint/no-floating-promises",
    "Promises must be awaited",
    "rehearsal/floating.ts",
    `const play = () => Promise.resolve(1);\nexport function start() { play(); }`,
  ],
  "@ts-expect-error outside tests": [
    "@typescript-eslint/ban-ts-comment",
    "Do not use",
    "rehearsal/expect-error.ts",
    `// @ts-expect-error: the types are wrong\nexport const n: number = "one";`,
  ],
  "a rule disabled for a whole file": [
    "fleet/no-bulk-disable",
    "never disabled in bulk",
    "rehearsal/bulk.ts",
    `/* eslint-disable */\nconsole.log("x");\nexport {};`,
  ],
  "a rule disabled without a reason": [
    "fleet/no-bulk-disable",
    "the reason",
    "rehearsal/unreasoned.ts",
    `// eslint-disable-next-line no-console\nconsole.log("x");\nexport {};`,
  ],
  "an assertion nothing waits for": [
    "fleet/no-assert-in-apply",
    "world.settled()",
    "test/in-apply.ts",
    `import type * as pulumi from "@pulumi/pulumi";
    import { expect } from "chai";
    export const check = (arn: pulumi.Output<string>) => arn.apply((a) => expect(a).to.equal("x"));`,
  ],
  "a test that leaves out the others": [
    "fleet/no-only",
    "leaves out every other test",
    "test/only.ts",
    `it.only("runs alone", () => undefined);`,
  ],
};

const clean: Record<string, readonly [file: string, code: string]> = {
  "a component as the house style has it": [
    "components/clean.ts",
    component(`
      const child = { parent: this, protect: true };
      for (const zone of args.zones) new aws.sns.Topic(\`\${name}-\${zone}\`, {}, child);
      const key = args.keyArn ? { kmsMasterKeyId: args.keyArn } : {};
      const checked = topic.arn.apply((arn) => {
        if (!arn.startsWith("arn:")) throw new pulumi.ResourceError("topic: expected an ARN", this);
        return arn;
      });
      const region = aws.getRegionOutput({}, { parent: this });
      const policy = pulumi.jsonStringify({ Resource: checked, Region: region.region });
      new aws.sns.TopicPolicy(\`\${name}-policy\`, { arn: checked, policy }, { parent: this });
      new aws.sns.Topic(\`\${name}-encrypted\`, key, { ...child, deleteBeforeReplace: true });
      note(\`\${name}: \${args.zones.length} \${JSON.stringify(args.zones)}\`);`),
  ],
  "the one place that reads config": [
    "stacks/config.ts",
    `import * as pulumi from "@pulumi/pulumi";
    export type Role = "log" | "member";
    export const role = new pulumi.Config().require("role");`,
  ],
  "the one place that makes providers": [
    "stacks/account.ts",
    `import * as aws from "@pulumi/aws";
    export const provider = (region: aws.Region, id: string) =>
      new aws.Provider("account", { region, allowedAccountIds: [id] });`,
  ],
  "a runbook's loader, read by program and rehearsal": [
    "runbooks/loader/runbook.ts",
    `import { readFileSync } from "node:fs";
    export const load = (file: string) => readFileSync(file, "utf8");`,
  ],
  "a rehearsal that loads a runbook": [
    "rehearsal/cloud/cloud.ts",
    `import { load } from "../../runbooks/loader/runbook.js";
    const known = new Map<string, string>();
    export const cloud = (at: number) => known.get(load(new Date(at).toISOString()));`,
  ],
  "a command that prints what a document says": [
    "cli/command.ts",
    `import { load } from "../runbooks/loader/runbook.js";
    export const command = "fleet";
    console.log(load(command));`,
  ],
  "one line with a named rule and a reason": [
    "rehearsal/reasoned.ts",
    `// eslint-disable-next-line no-console -- the only way out when the report itself fails
    console.error("no report");
    export {};`,
  ],
  "chai and a test of types": [
    "test/clean.ts",
    `import { expect } from "chai";
    // @ts-expect-error: a number is not a string
    export const world: number = "one";
    expect(world).to.be.a("string").that.is.not.empty;`,
  ],
};

describe("the lint guards", function () {
  this.timeout(120_000);

  const reports = new Map<string, ESLint.LintResult["messages"]>();
  let folder: string;

  // The mistakes are real files of a small project beside the real one, so that the typed rules run
  // as they do there; the folder is one that git, the compiler and ESLint itself leave out.
  before(async () => {
    mkdirSync(join(root, ".build"), { recursive: true });
    folder = mkdtempSync(join(root, ".build", "guards-"));
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    write(
      "tsconfig.json",
      `{ "extends": "../../tsconfig.json", "include": ["**/*.ts"], "exclude": [] }`,
    );
    for (const [, , file, code] of Object.values(mistakes)) write(file, code);
    for (const [file, code] of Object.values(clean)) write(file, code);
    const eslint = new ESLint({ cwd: folder, overrideConfigFile: join(root, "eslint.config.mjs") });
    for (const { filePath, messages } of await eslint.lintFiles("."))
      reports.set(filePath, messages);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const reported = (file: string) => reports.get(join(folder, file));

  for (const [mistake, [rules, says, file]] of Object.entries(mistakes)) {
    it(`refuse ${mistake}`, () => {
      const expected = [rules].flat();
      const messages = reported(file) ?? [];
      expect(messages.map((message) => message.ruleId)).to.have.members(expected);
      const first = messages.find((message) => message.ruleId === expected[0]);
      expect(first?.message).to.include(says);
    });
  }

  for (const [thing, [file]] of Object.entries(clean)) {
    it(`accept ${thing}`, () => {
      expect(reported(file)).to.deep.equal([]);
    });
  }

  it("are each planted at least once", async () => {
    const { guards } = (await import(join(root, "eslint.guards.mjs"))) as {
      guards: { rules: Record<string, unknown> };
    };
    const planted = new Set(Object.values(mistakes).flatMap(([rules]) => rules));
    const unplanted = Object.keys(guards.rules).filter((name) => !planted.has(`fleet/${name}`));
    expect(unplanted).to.deep.equal([]);
  });
});
