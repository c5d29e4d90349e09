import type { Variant } from "./variant.js";

/** The places that a variant's lines name, as their shell writes them. */
export interface PlacedPaths {
  /** Named by `install` or `uninstall`: where files of the package may be. */
  readonly named: readonly string[];
  /** Named by `uninstall`: what it takes away, `install` has put there. */
  readonly takenAway: readonly string[];
}

/**
 * Finds the absolute paths in a variant's lines. By them a host checks later whether what was
 * installed is still there, without another field to keep in step with the lines. What a line makes
 * of variables and patterns is not seen; a `validate` of its own is for that.
 */
export function placedPaths({ os, install, uninstall }: Variant): PlacedPaths {
  const find = os === "windows" ? windowsPaths : linuxPaths;
  const takenAway = find(uninstall);
  return { named: [...new Set([...find(install), ...takenAway])].sort(), takenAway };
}

/** A text in quotes, or what stands between blanks and what has a meaning to the shell. */
const token = /"([^"]*)"|'([^']*)'|([^\s"';&|()<>=,]+)/g;

function linuxPaths(line: string): string[] {
  const paths = [...line.matchAll(token)].flatMap(([, double, single, bare]) => {
    const text = double ?? single ?? bare ?? "";
    return /^(\/[\w.+@ -]+)+\/?$/.test(text) ? [text.replace(/\/$/, "")] : [];
  });
  return [...new Set(paths)].sort();
}

/** PowerShell fills in variables in double quotes and in bare words, so those of the environment may begin a path. */
function windowsPaths(line: string): string[] {
  const tail = String.raw`(\\[\w.+@() -]+)+\\?$`;
  const drive = new RegExp(`^[A-Za-z]:${tail}`);
  const variable = new RegExp(String.raw`^(\$env:\w+|\$\{env:[\w()]+\})${tail}`);
  const paths = [...line.matchAll(token)].flatMap(([, double, single, bare]) => {
    const text = double ?? single ?? bare ?? "";
    const isPath = drive.test(text) || (single === undefined && variable.test(text));
    return isPath ? [text.replace(/\\$/, "")] : [];
  });
  return [...new Set(paths)].sort();
}
