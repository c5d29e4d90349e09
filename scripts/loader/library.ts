// The scripts that the log stack makes documents of: `scripts/<name>.sh` and `scripts/<name>.ps1` are one.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Script, ScriptField, ScriptParameter, ScriptProblem } from "./script.js";
import { platformOf, readScript, ScriptError } from "./script.js";
import { scriptDocument } from "./script-document.js";
import { groupBy } from "../../lib/lists.js";

/** What the library knows by one name. */
export interface LibraryScript {
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly ScriptParameter[];
  readonly fields: readonly ScriptField[];
  /** Scripts by whose shell runs them; one at least. */
  readonly linux?: Script;
  readonly windows?: Script;
}

/** @throws ScriptError with everything that is wrong with any of them */
export function readLibrary(folder: string): LibraryScript[] {
  const problems: ScriptProblem[] = [];
  const read: { name: string; script: Script }[] = [];
  for (const file of readdirSync(folder).sort()) {
    const platform = platformOf(file);
    if (platform === undefined) continue;
    const path = join(folder, file);
    const name = file.replace(/\.\w+$/, "");
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
      const reason = `expected a name of 1-40 letters a-z, digits or -, got "${name}"; a document is called after it`;
      problems.push({ file: path, line: 1, reason });
    }
    try {
      read.push({ name, script: readScript(path, readFileSync(path), platform) });
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      problems.push(...error.problems);
    }
  }
  const library = [...groupBy(read, ({ name }) => name)].map(([name, files]) =>
    together(
      name,
      files.map(({ script }) => script),
      problems,
    ),
  );
  if (problems.length > 0) throw new ScriptError(problems);
  return library;
}

/** The scripts of one name; they have the same description and parameters, as a run passes every host the same. */
function together(
  name: string,
  scripts: readonly Script[],
  problems: ScriptProblem[],
): LibraryScript {
  const [first, second] = scripts as [Script, Script?];
  const { description, fields, parameters } = first;
  if (description === "") {
    const reason = "expected a comment at the top that says what the script does, got none";
    problems.push({ file: first.file, line: 1, reason });
  }
  if (second && JSON.stringify(documented(second)) !== JSON.stringify(documented(first))) {
    const reason = `expected the description, the parameters and the fields of ${first.file}, as both are one document; make them the same`;
    problems.push({ file: second.file, line: 1, reason });
  }
  const scriptFor = (platform: Script["platform"]) =>
    scripts.find((script) => script.platform === platform);
  const [linux, windows] = [scriptFor("linux"), scriptFor("windows")];
  return {
    name,
    description,
    parameters,
    fields,
    ...(linux && { linux }),
    ...(windows && { windows }),
  };
}

const documented = ({ description, parameters, fields }: Script) => ({
  description,
  parameters,
  fields,
});

/** The content of the document of each, by name. */
export const libraryDocuments = (
  library: readonly LibraryScript[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(library.map((script) => [script.name, scriptDocument(script)]));
