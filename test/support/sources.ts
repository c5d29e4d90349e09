import { readdirSync } from "node:fs";

/** The TypeScript files of a folder and of all folders below it, relative to it. */
export const sources = (folder: string): string[] =>
  readdirSync(folder, { encoding: "utf8", recursive: true }).filter((file) => file.endsWith(".ts"));
