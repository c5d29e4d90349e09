const BITS: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1 };
const SHIFTS: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/** The mode that `text` makes of `before`: octal, or symbolic as in `u=rwx,go=rx`. Undefined: it is no mode. */
export function parseMode(text: string, before = 0): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let mode = before;
  for (const clause of text.split(",")) {
    const [, letters = "", operator, permissions = ""] =
      /^([ugoa]*)([=+-])([rwx]*)$/.exec(clause) ?? [];
    if (operator === undefined) return undefined;
    const bits = [...permissions].reduce((sum, letter) => sum | (BITS[letter] ?? 0), 0);
    const classes = letters === "" || letters.includes("a") ? "ugo" : letters;
    for (const letter of classes) {
      const shift = SHIFTS[letter] ?? 0;
      if (operator === "=") mode = (mode & ~(7 << shift)) | (bits << shift);
      else if (operator === "+") mode |= bits << shift;
      else mode &= ~(bits << shift);
    }
  }
  return mode;
}
