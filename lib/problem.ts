/** Where in a document something is: keys and positions from the top. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with a document. */
export interface Problem {
  readonly path: Path;
  readonly reason: string;
}

/** `mainSteps[2].inputs.Api` */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`,
    "",
  );
}

/** `mainSteps[2].inputs.Api: expected …` */
export function problemText({ path, reason }: Problem): string {
  return path.length === 0 ? reason : `${pathText(path)}: ${reason}`;
}

/** A value as a message shows it: short, and never undefined. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
