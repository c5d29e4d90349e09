// The pages of the documentation, taken apart for the tests that hold them to the code.
import * as fs from "node:fs";
import * as path from "node:path";

export interface Block {
  /** The language that the fence names: `yaml`, `text`, `sh`. */
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, for messages. */
  readonly line: number;
  /** What the comment right before the block says: `<!-- played: a -->` is `played: a`. */
  readonly mark: string;
}

export interface Page {
  /** Relative to the project. */
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The text outside of code blocks. */
  readonly prose: string;
}

const files = ["README.md", ...fs.readdirSync("docs").map((file) => path.join("docs", file))];

export const pages: readonly Page[] = files
  .filter((file) => file.endsWith(".md"))
  .sort()
  .map((file) => pageOf(file, fs.readFileSync(file, "utf8")));

export function page(file: string): Page {
  const found = pages.find((candidate) => candidate.file === file);
  if (found === undefined) throw new Error(`there is no page ${file}`);
  return found;
}

function pageOf(file: string, text: string): Page {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { language: string; line: number; mark: string; lines: string[] } | undefined;
  let mark = "";
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (open !== undefined && fence !== null) {
      const { lines, ...rest } = open;
      blocks.push({ ...rest, text: `${lines.join("\n")}\n` });
      open = undefined;
      mark = "";
    } else if (open !== undefined) {
      open.lines.push(line);
    } else if (fence !== null) {
      open = { language: fence[1] ?? "", line: index + 1, mark, lines: [] };
    } else {
      if (line.trim() !== "") mark = /^<!-- (.*) -->$/.exec(line)?.[1] ?? "";
      prose.push(line);
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: the code block has no end`);
  return { file, text, blocks, prose: prose.join("\n") };
}

/** The rows of a page's tables, cell by cell, without headings; of one section where `under` names its heading. */
export function tableRows({ prose }: Page, under?: string): string[][] {
  const rows: string[][] = [];
  let heading = "";
  let inBody = false;
  for (const line of prose.split("\n")) {
    heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    if (!line.startsWith("|")) inBody = false;
    else if (/^\|[ :|-]+\|$/.test(line)) inBody = true;
    else if (inBody && (under === undefined || heading === under)) {
      const cells = line.slice(1, -1).split(/(?<!\\)\|/);
      rows.push(cells.map((cell) => cell.trim().replaceAll("\\|", "|")));
    }
  }
  return rows;
}

/** What stands between backticks in a text. */
export const codeIn = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

/** The anchors of a page's headings, as GitHub makes them. */
export const anchorsOf = ({ prose }: Page): string[] =>
  [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
