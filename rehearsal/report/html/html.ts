import { buildSync } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../schema.js";

const STYLES = ["page.css", "hosts.css"];

/**
 * The report as one HTML file that loads nothing: the report's data, and a script of ours that shows it. The policy in
 * its head allows only this script and this style, by their digests.
 */
export function htmlReport(report: Report): string {
  const style = STYLES.map((name) => readFileSync(join(__dirname, name), "utf8")).join("\n");
  const script = clientScript();
  const policy = [
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src '${digest(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rehearsal</title>
<style>${style}</style>
</head>
<body>
<main id="report"></main>
<noscript>This file has the report as data and a script that shows it; the script is blocked.</noscript>
<script type="application/json" id="data">${safeJson(report)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that can stand in a script element: nothing in it ends the element or, read as JavaScript, a line. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function clientScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, "client", "main.ts")],
    bundle: true,
    charset: "ascii",
    format: "iife",
    target: "es2022",
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("the report's script was not built");
  return file.text;
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
