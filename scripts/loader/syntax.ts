// Whether a script parses: what `bash -n` and PowerShell's parser report before anything runs.
import { createRequire } from "node:module";

/** A mistake of a script's text. */
export interface SyntaxMistake {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** In the words of its parser. */
  readonly message: string;
}

/** Both parsers are WebAssembly and take a while: each is loaded when a script is first checked. */
const load = createRequire(__filename);

/** Finds the first mistake of a script; undefined: it parses, or is neither shell nor PowerShell. */
export async function syntaxMistake(
  platform: "linux" | "windows",
  text: string,
): Promise<SyntaxMistake | undefined> {
  if (platform === "windows") {
    const { parsePowerShell } = load("./powershell/parser.js") as Parsers;
    return (await parsePowerShell(text)).problem;
  }
  return isShell(text) ? shellMistake(text) : undefined;
}

type Parsers = typeof import("./powershell/parser.js");

/** `#!/bin/sh`, `#!/usr/bin/env bash`, or none, for which the agent takes sh. */
function isShell(text: string): boolean {
  const [, interpreter, argument] = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text) ?? [];
  if (interpreter === undefined) return true;
  const called = interpreter.endsWith("/env") ? argument : interpreter;
  return /(^|\/)(ba|da|k)?sh$/.test(called ?? "");
}

async function shellMistake(text: string): Promise<SyntaxMistake | undefined> {
  const { parse, ParseError } = load("sh-syntax") as typeof import("sh-syntax");
  try {
    await parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return {
      line: error.Pos?.Line ?? 1,
      column: error.Pos?.Col ?? 1,
      message: error.Text,
    };
  }
}
