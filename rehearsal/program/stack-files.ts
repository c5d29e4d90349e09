import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../lib/user-error.js";
import { readYamlFile } from "../yaml-file.js";

/** One stack as its file says it: what `pulumi up` would be told. */
export interface StackFile {
  /** e.g. `member` */
  readonly name: string;
  readonly file: string;
  /** By full key, e.g. `fleet:account`; project defaults included. */
  readonly config: Readonly<Record<string, unknown>>;
}

const project = z.looseObject({
  name: z.string(),
  main: z.string().optional(),
  config: z.record(z.string(), z.unknown()).optional(),
});

/** A key of the project's `config:`; `value` is for all stacks, `default` for those that say nothing. */
const setting = z.looseObject({ default: z.unknown().optional(), value: z.unknown().optional() });

const stack = z.looseObject({ config: z.record(z.string(), z.unknown()).optional() });

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

/** The roles in the order of their deployment; a stack of another role is the program's to refuse, so it comes first. */
const ORDER = ["log", "shared", "member"];

/**
 * All stack files of a folder (`Pulumi.<stack>.yaml`), in the order in which they are deployed: by role, then by name.
 * @throws UserError that names the file.
 */
export function readStacks(from: Project, folder: string): StackFile[] {
  if (!existsSync(folder))
    throw new UserError(`${folder}: there is no such folder with stack files`);
  const files = readdirSync(folder).filter((file) => /^Pulumi\..+\.ya?ml$/.test(file));
  if (files.length === 0) {
    throw new UserError(
      `${folder}: it holds no stack file; expected Pulumi.<stack>.yaml, e.g. Pulumi.log.yaml`,
    );
  }
  const stacks = files.sort().map((file) => {
    const path = join(folder, file);
    const config = { ...from.defaults, ...readYamlFile(path, stack).config };
    return { name: file.replace(/^Pulumi\.|\.ya?ml$/g, ""), file: path, config };
  });
  const rank = ({ config }: StackFile) => ORDER.indexOf(String(config[`${from.name}:role`]));
  return stacks.sort((a, b) => rank(a) - rank(b));
}
