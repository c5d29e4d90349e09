import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readStackContent } from "../../lib/stack-file.js";
import { UserError } from "../../lib/user-error.js";
import type { LineProblem } from "../../lib/yaml.js";
import { readYamlFile } from "../yaml-file.js";

/** One stack as its file describes it: what `pulumi up` would read. */
export interface StackFile {
  /** e.g. `member` */
  readonly name: string;
  readonly file: string;
  /** By full key, e.g. `fleet:account`; project defaults included. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A stack's settings of the project itself, by their keys without its namespace. */
export const ownSettings = (
  { name: namespace }: Project,
  { config }: StackFile,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(`${namespace}:`) ? [[key.slice(namespace.length + 1), value]] : [],
    ),
  );

const project = z.looseObject({
  name: z.string(),
  main: z.string().optional(),
  config: z.record(z.string(), z.unknown()).optional(),
});

/** A key of the project's `config:`; `value` is for all stacks, `default` for those that say nothing. */
const setting = z.looseObject({ default: z.unknown().optional(), value: z.unknown().optional() });

/** The Pulumi project whose program is rehearsed. */
export interface Project {
  readonly name: string;
  readonly folder: string;
  readonly main: string;
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** @throws UserError where there is no readable project. */
export function readProject(folder: string): Project {
  const { name, main = ".", config = {} } = readYamlFile(join(folder, "Pulumi.yaml"), project);
  const defaults: Record<string, unknown> = {};
  for (const [key, declared] of Object.entries(config)) {
    const given = setting.safeParse(declared).data;
    const value = given?.value ?? given?.default;
    if (value !== undefined) defaults[key.includes(":") ? key : `${name}:${key}`] = value;
  }
  return { name, folder, main: join(folder, main), defaults };
}

/** The roles in the order of their deployment; the program refuses a stack of another role, so it comes first. */
const ORDER = ["log", "shared", "member"];

/**
 * All stack files of a folder (`Pulumi.<stack>.yaml`), in the order in which they are deployed: by role, then by name.
 * @param warn is called with what is valid, but perhaps not what was meant
 * @throws UserError with every problem of every file, its line, and what is to be done.
 */
export function readStacks(
  from: Project,
  folder: string,
  warn: (text: string) => void = () => undefined,
): StackFile[] {
  const problems: string[] = [];
  const stacks = filesOf(folder).map((file) => {
    const path = join(folder, file);
    const read = readStackContent(readFileSync(path), from.name);
    const textOf = ({ line, reason }: LineProblem) => `${path}:${line}: ${reason}`;
    problems.push(...read.problems.map(textOf));
    read.warnings.map(textOf).forEach(warn);
    const config = { ...from.defaults, ...read.config };
    return { name: file.replace(/^Pulumi\.|\.yaml$/g, ""), file: path, config };
  });
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  const rank = ({ config }: StackFile) => ORDER.indexOf(String(config[`${from.name}:role`]));
  return stacks.sort((a, b) => rank(a) - rank(b));
}

/** The names of a folder's stack files. @throws UserError where there are none, or one is called as Pulumi calls none. */
function filesOf(folder: string): string[] {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new UserError(`${folder}: there is no such folder with stack files`);
  if (!stats.isDirectory())
    throw new UserError(
      `${folder}: expected a folder with stack files, found a file; name its folder`,
    );
  const meant = readdirSync(folder).filter((file) => /^pulumi\..+\.ya?ml$/i.test(file));
  const files = meant.filter((file) => /^Pulumi\..+\.yaml$/.test(file));
  const others = meant.filter((file) => !files.includes(file));
  if (others.length > 0) {
    const messages = others.map(
      (file) =>
        `${join(folder, file)}: expected a name such as Pulumi.<stack>.yaml, which is the only one that Pulumi reads; rename it`,
    );
    throw new UserError(messages.join("\n"));
  }
  if (files.length > 0) return files.sort();
  throw new UserError(
    `${folder}: it holds no stack file; expected Pulumi.<stack>.yaml, e.g. Pulumi.log.yaml`,
  );
}
