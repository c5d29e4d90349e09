import Table from "cli-table3";
import { createColors } from "picocolors";

/** Columns that a terminal has at least, as everything that the project prints. */
const WIDTH = 100;

const PLAIN = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/**
 * A table of at most 100 columns: the widest columns give way, their texts are wrapped.
 *
 * @param heads what the columns are called
 * @param rows a text for each column; without rows it is just the heads
 * @param isTerminal whether the heads may be bold
 * @param whole how many of the first columns never give way
 */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  isTerminal: boolean,
  whole = 0,
): string {
  const widths = heads.map((head, column) =>
    Math.max(...[head, ...rows.map((row) => row[column] ?? "")].map(widthOf)),
  );
  shrink(widths, WIDTH - 2 * (heads.length - 1), whole);
  const grid = new Table({
    chars: PLAIN,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colWidths: widths,
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  // A word that is longer than its column would be cut off.
  const fit = (text: string, column: number) => broken(text, widths[column] ?? WIDTH);
  const { bold } = createColors(isTerminal);
  grid.push(heads.map((text, column) => bold(fit(text, column))));
  grid.push(...rows.map((row) => row.map(fit)));
  const lines = grid.toString().split("\n");
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

const widthOf = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

/** Takes columns away from the widest until all fit; from the first ones nothing. */
function shrink(widths: number[], room: number, whole: number): void {
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths.slice(whole)), whole);
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
}

function broken(text: string, width: number): string {
  return text.replaceAll(new RegExp(`[^\\s]{${width}}(?=[^\\s])`, "g"), "$&\n");
}
