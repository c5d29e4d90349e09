import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type * as z from "zod";
import { UserError } from "../../lib/user-error.js";
import { pulumi } from "../pulumi.js";
import type { Session } from "../session.js";
import { readStackFile } from "../stack-file.js";
import type { ImportFile } from "./adoption.js";
import { adoptionOf, importFile, stateFile } from "./adoption.js";

export interface AdoptOptions {
  readonly stack: string;
  readonly from: string;
  readonly out: string;
}

/** Writes the import file for what was kept, and says how to use it. */
export async function adopt({ stack, from, out }: AdoptOptions, session: Session): Promise<void> {
  const { config } = readStackFile(session.project, stack);
  const before = read(resolve(session.folder, from), "--from", stateFile);
  const regions: unknown = config["regions"];
  const home = Array.isArray(regions) ? String(regions[0]) : "";
  const { file, adopted } = adoptionOf(await wantedBy(session, stack), before, home);
  if (adopted.length === 0)
    throw new UserError(
      `--from ${from}: nothing in it was kept and is declared by stack ${stack} and not in it; give the export from before it was removed`,
    );
  writeFileSync(resolve(session.folder, out), `${JSON.stringify(file, undefined, 2)}\n`);
  session.print(
    [
      ...adopted,
      "",
      `${out} is written. Remove from it what is no longer in the account, then:`,
      `  pulumi import --stack ${stack} --file ${out} --protect=false --generate-code=false`,
      `  pulumi up --stack ${stack}`,
      "",
    ].join("\n"),
  );
}

/** What the stack would create. */
async function wantedBy(session: Session, stack: string): Promise<ImportFile> {
  const folder = mkdtempSync(join(tmpdir(), "fleet-adopt-"));
  try {
    const file = join(folder, "import.json");
    const args = ["preview", "--import-file", file, "--stack", stack, "--non-interactive"];
    await pulumi(session, args, `stack ${stack} cannot be previewed`);
    return read(file, "pulumi preview", importFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read<S extends z.ZodType>(path: string, what: string, schema: S): z.output<S> {
  const expected = `${what} ${path}: expected what Pulumi writes as JSON`;
  const text = textOf(path, expected);
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${expected}; write it again`);
  }
}

function textOf(path: string, expected: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${expected}; it cannot be read: ${why}`);
  }
}
