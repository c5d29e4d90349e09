/** Something wrong with a script, in the words of Windows PowerShell 5.1, whose messages can be looked up. */
export interface SyntaxProblem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
  /** PowerShell's FullyQualifiedErrorId. */
  readonly id: string;
}

interface Opened {
  /** What closes it. */
  readonly closer: string;
  readonly at: number;
}

const CLOSERS: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

/** Source: PowerShell's ParserStrings.resx, MissingEndCurlyBrace and its like. */
const MISSING: Readonly<Record<string, readonly [message: string, id: string]>> = {
  "}": ["Missing closing '}' in statement block or type definition.", "MissingEndCurlyBrace"],
  ")": ["Missing closing ')' in expression.", "MissingEndParenthesisInExpression"],
  "]": [
    "Missing ] at end of attribute or type literal.",
    "EndSquareBracketExpectedAtEndOfAttribute",
  ],
};

/**
 * Finds the first text or bracket that does not end, or ends what was not begun: most mistakes are of this kind, and
 * the grammar only knows that the whole around them is wrong. Undefined: there is none.
 */
export function unbalanced(script: string): SyntaxProblem | undefined {
  const opened: Opened[] = [];
  const problem = (at: number, [message, id]: readonly [string, string]): SyntaxProblem => ({
    ...placeOf(script, at),
    message,
    id,
  });
  let at = 0;
  while (at < script.length) {
    const end = skip(script, at);
    if (end === undefined) return problem(at, unended(script, at));
    if (end > at) {
      at = end;
      continue;
    }
    const letter = script.charAt(at);
    const closer = CLOSERS[letter];
    if (closer !== undefined) opened.push({ closer, at });
    else if ("})]".includes(letter)) {
      const last = opened.pop();
      if (last === undefined) {
        return problem(at, [
          `Unexpected token '${letter}' in expression or statement.`,
          "UnexpectedToken",
        ]);
      }
      if (last.closer !== letter) return problem(last.at, MISSING[last.closer] ?? ["", ""]);
    }
    at++;
  }
  const last = opened.at(-1);
  return last === undefined ? undefined : problem(last.at, MISSING[last.closer] ?? ["", ""]);
}

/** Where a comment, a text or an escaped letter ends that begins here; `at`: none begins; undefined: it has no end. */
function skip(script: string, at: number): number | undefined {
  const rest = script.slice(at, at + 3);
  if (rest.startsWith("`")) return at + 2;
  if (rest.startsWith("<#")) return after(script, "#>", at + 2);
  if (rest.startsWith("#")) {
    // Inside of a word it is a letter: `C:\a#b`.
    if (/[\w.\\/:-]/.test(script.charAt(at - 1))) return at + 1;
    return after(script, "\n", at) ?? script.length;
  }
  const here = /^@(["'])[ \t]*\r?\n/.exec(script.slice(at, at + 80));
  if (here !== null) return after(script, `\n${here[1] ?? ""}@`, at + here[0].length - 1);
  if (rest.startsWith("'")) return endOfLiteral(script, at + 1);
  return rest.startsWith('"') ? endOfText(script, at + 1) : at;
}

function after(script: string, text: string, from: number): number | undefined {
  const found = script.indexOf(text, from);
  return found < 0 ? undefined : found + text.length;
}

/** `''` inside of it is one quote. */
function endOfLiteral(script: string, from: number): number | undefined {
  for (let at = script.indexOf("'", from); at >= 0; at = script.indexOf("'", at + 2))
    if (script.charAt(at + 1) !== "'") return at + 1;
  return undefined;
}

/** `""` and a backtick are escapes; `$(…)` holds code, in which quotes begin texts of their own. */
function endOfText(script: string, from: number): number | undefined {
  let at = from;
  while (at < script.length) {
    const letter = script.charAt(at);
    if (letter === "`") at += 2;
    else if (letter === '"' && script.charAt(at + 1) === '"') at += 2;
    else if (letter === '"') return at + 1;
    else if (letter === "$" && script.charAt(at + 1) === "(") {
      const end = endOfCode(script, at + 2);
      if (end === undefined) return undefined;
      at = end;
    } else at++;
  }
  return undefined;
}

function endOfCode(script: string, from: number): number | undefined {
  let depth = 1;
  let at = from;
  while (at < script.length) {
    const end = skip(script, at);
    if (end === undefined) return undefined;
    if (end > at) {
      at = end;
      continue;
    }
    const letter = script.charAt(at++);
    if (letter === "(") depth++;
    else if (letter === ")" && --depth === 0) return at;
  }
  return undefined;
}

function unended(script: string, at: number): readonly [message: string, id: string] {
  const begin = script.slice(at, at + 2);
  if (begin === "<#")
    return [
      "The terminator '#>' is missing from the multiline comment.",
      "MissingTerminatorMultiLineComment",
    ];
  const terminator = begin.startsWith("@") ? `${begin.charAt(1)}@` : begin.charAt(0);
  return [
    `The string is missing the terminator: ${terminator}.`,
    "TerminatorExpectedAtEndOfString",
  ];
}

export function placeOf(
  script: string,
  at: number,
): { readonly line: number; readonly column: number } {
  const before = script.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
