import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Node, YAMLMap } from "yaml";
import { isMap, isNode, isSeq, parseDocument, stringify } from "yaml";
import { isRecord } from "../lib/record.js";
import { readStackContent } from "../lib/stack-file.js";
import { UserError } from "../lib/user-error.js";

/** A stack's file: its text, and its settings by key without `fleet:`. */
export interface StackFile {
  /** `Pulumi.log.yaml` */
  readonly name: string;
  readonly text: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export type Entry = Readonly<Record<string, unknown>>;

/** @throws UserError where there is no such stack, or its file is no YAML */
export function readStackFile(project: string, stack: string): StackFile {
  const name = `Pulumi.${stack}.yaml`;
  const path = join(project, name);
  if (!existsSync(path))
    throw new UserError(`--stack ${stack}: expected a stack, found no ${name}`);
  return stackFileOf(name, readFileSync(path));
}

/** @throws UserError with all that is wrong with the file, each with its line */
export function stackFileOf(name: string, bytes: Buffer): StackFile {
  const { config, problems } = readStackContent(bytes, "fleet");
  if (problems.length > 0)
    throw new UserError(
      problems.map(({ line, reason }) => `${name}:${line}: ${reason}`).join("\n"),
    );
  const own = Object.entries(config).flatMap(([key, value]) =>
    // An empty text is what Pulumi.yaml has for keys that are not set.
    key.startsWith("fleet:") && value !== "" ? [[key.slice("fleet:".length), value] as const] : [],
  );
  return { name, text: bytes.toString("utf8"), config: Object.fromEntries(own) };
}

/** A piece of a text and its replacement. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The file's text with other entries in a list of `config`: only the lines of entries that changed are touched, so
 * comments and layout stay. Entries that are there keep their places, more come at the end.
 */
export function withEntries(file: StackFile, key: string, entries: readonly Entry[]): string {
  const { text } = file;
  const config = parseDocument(text).get("config", true);
  if (!isMap(config))
    throw new UserError(`${file.name}: expected settings under config:, found none`);
  const indent = columnOf(text, startOf(config));
  const list: unknown = config.get(key, true);
  if (!isSeq(list) || list.items.length === 0) {
    const lines = listed(entries, indent + 2);
    return spliced(text, [
      placeOfList(text, config, key, `${" ".repeat(indent)}${key}:\n${lines}`),
    ]);
  }
  if (list.flow === true) {
    throw new UserError(`${file.name}: ${key}: expected a list with an entry on lines of its own`);
  }
  const dash = columnOf(text, startOf(list));
  const items = list.items.filter((item) => isNode(item));
  const splices = items.flatMap((item, index) => changed(text, item, entries[index] ?? {}));
  const at = endOfLine(text, endOf(items.at(-1)));
  const added = entries.slice(items.length);
  if (added.length > 0) splices.push(inserted(text, at, listed(added, dash)));
  return spliced(text, splices);
}

/** Writes an item anew where its content changed; comments within it stay. */
function changed(text: string, item: Node, entry: Entry): Splice[] {
  if (JSON.stringify(item.toJSON()) === JSON.stringify(entry)) return [];
  const [from, to] = [startOf(item), endOf(item)];
  const indent = columnOf(text, from);
  const margin = new RegExp(`^ {${indent}}`, "gm");
  const document = parseDocument(text.slice(from, to).replace(margin, ""));
  const before: unknown = document.toJS();
  for (const key of isRecord(before) ? Object.keys(before) : [])
    if (!(key in entry)) document.delete(key);
  for (const [key, value] of Object.entries(entry)) {
    const same = isRecord(before) && JSON.stringify(before[key]) === JSON.stringify(value);
    if (!same) document.set(key, document.createNode(value));
  }
  const lines = document.toString({ lineWidth: 0 }).trimEnd();
  const rest = text.slice(0, to).endsWith("\n") ? "\n" : "";
  return [{ from, to, text: lines.replaceAll(/\n(?=[^\n])/g, `\n${" ".repeat(indent)}`) + rest }];
}

/** The place for a list that is missing or empty. */
function placeOfList(text: string, config: YAMLMap, key: string, lines: string): Splice {
  const pair = config.items.find((item) => isNode(item.key) && item.key.toJSON() === key);
  if (pair === undefined) return inserted(text, endOfLine(text, endOf(config)), lines);
  const [name, value] = [pair.key as Node, pair.value];
  const from = startOf(name) - columnOf(text, startOf(name));
  const to = endOfLine(text, isNode(value) ? endOf(value) : endOf(name));
  return { from, to, text: lines };
}

const listed = (entries: readonly Entry[], indent: number): string =>
  stringify(entries, { lineWidth: 0 }).replaceAll(/^(?=.)/gm, " ".repeat(indent));

const startOf = (node: Node): number => node.range?.[0] ?? 0;
const endOf = (node: Node | undefined): number => node?.range?.[1] ?? 0;

/** How far from its line's start a position is. */
const columnOf = (text: string, at: number): number => at - (text.lastIndexOf("\n", at - 1) + 1);

/** Where the next line starts; a position at a line's start is that already. */
function endOfLine(text: string, at: number): number {
  if (text[at - 1] === "\n") return at;
  const next = text.indexOf("\n", at);
  return next < 0 ? text.length : next + 1;
}

const inserted = (text: string, at: number, lines: string): Splice => ({
  from: at,
  to: at,
  text: at > 0 && text[at - 1] !== "\n" ? `\n${lines}` : lines,
});

function spliced(text: string, splices: readonly Splice[]): string {
  return [...splices]
    .sort((a, b) => b.from - a.from)
    .reduce((all, { from, to, text: piece }) => all.slice(0, from) + piece + all.slice(to), text);
}
