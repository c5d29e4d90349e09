import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { PROJECT } from "./scenarios.js";

/** The first host of the project's member: `fleet:hosts` of tests that count what one host does. */
export const ONE_HOST = { web: { platform: "linux", packages: ["fleet-facts"] } };

/** The project's stack files with that host alone, in a folder of their own while the tests of a `describe` run. */
export function oneHostStacks(): () => string {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-stacks-"));
    cpSync(join(PROJECT, "Pulumi.log.yaml"), join(folder, "Pulumi.log.yaml"));
    const member = parse(readFileSync(join(PROJECT, "Pulumi.member.yaml"), "utf8")) as {
      config: Record<string, unknown>;
    };
    member.config["fleet:hosts"] = ONE_HOST;
    writeFileSync(join(folder, "Pulumi.member.yaml"), stringify(member));
  });
  after(() => rmSync(folder, { recursive: true }));
  return () => folder;
}
