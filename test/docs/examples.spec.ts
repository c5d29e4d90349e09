import * as fs from "node:fs";
import * as path from "node:path";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { aVpc, inMember } from "../support/account.js";
import { sources } from "../support/sources.js";
import { mockProgram } from "../support/mocked-program.js";

/** A component's file and what its doc shows. */
interface Documented {
  readonly file: string;
  readonly name: string;
  readonly example: string;
}

const components: Documented[] = sources("components").flatMap((file) => {
  const source = fs.readFileSync(path.join("components", file), "utf8");
  const name = /^export class (\w+) extends pulumi\.ComponentResource/m.exec(source)?.[1];
  if (name === undefined) return [];
  const doc = /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport class/.exec(source)?.[1] ?? "";
  const [, example = ""] = /@example\n([^]*)$/.exec(doc.replace(/^ \*( |$)/gm, "")) ?? [];
  return [{ file, name, example: example.trim() }];
});

const invokes = {
  "archive:index/getFile:getFile": () => ({ outputSha256: "ab", outputPath: "x.zip" }),
  "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-1"] }),
  "aws:ec2/getVpc:getVpc": () => aVpc,
  "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-1"] }),
  "aws:ec2/getSubnet:getSubnet": () => ({ availabilityZone: "eu-central-1a" }),
  "aws:ec2/getRouteTables:getRouteTables": () => ({ ids: ["rtb-1"] }),
  "aws:ssoadmin/getInstances:getInstances": () => ({ arns: ["arn"], identityStoreIds: ["d-1"] }),
  "aws:ssm/getParameter:getParameter": () => ({ insecureValue: "ami-1" }),
};

/** Words, texts and signs, without white space, what `…` leaves out, and commas that only a formatter sets. */
const tokens = (code: string): string[] =>
  (code.match(/"[^"]*"|`[^`]*`|[\w$]+|\.{3}|[^\s\w…]/g) ?? []).filter((token) => token !== ",");

/** Whether all of `part` is in `whole`, in this order. */
function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const token of whole) if (token === part[at]) at += 1;
  return at === part.length;
}

describe("Every component", () => {
  it("is found", () => {
    expect(components.length).to.be.greaterThan(9);
  });

  for (const { file, name, example } of components) {
    describe(name, () => {
      const place = path.join("examples", "components", file);

      it("has an example at the end of its doc that lives in examples/components/ too", () => {
        expect(example, `@example in components/${file}`).to.match(new RegExp(`^new ${name}\\(`));
        const source = fs.readFileSync(place, "utf8");
        const shown = source.slice(source.indexOf(`new ${name}(`));
        expect(isWithin(tokens(example), tokens(shown)), `${place} holds\n${example}`).to.equal(
          true,
        );
      });

      it("is built by its example", async () => {
        const program = await mockProgram({ invokes });
        const module = (await import(path.resolve(place))) as {
          example: (provider: aws.Provider) => pulumi.ComponentResource;
        };
        module.example(inMember().provider);
        await program.settled();
        expect(program.all(`fleet:index:${name}`), name).to.not.have.length(0);
        const unfinished = program.resources.filter(
          ({ custom, type, outputs }) => !custom && /^fleet:/.test(type) && outputs === undefined,
        );
        expect(unfinished.map(({ urn }) => urn)).to.deep.equal([]);
      });
    });
  }

  it("is all that examples/components/ is about", () => {
    const files = components.map(({ file }) => file);
    expect(sources(path.join("examples", "components")).sort()).to.deep.equal(files.sort());
  });
});
