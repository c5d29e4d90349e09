/** The one of `known` that `found` was probably meant to be, as the end of a sentence. */
export function didYouMean(found: string, known: readonly string[]): string {
  const near = known
    .map((word) => ({ word, away: distance(found.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, away }) => away <= Math.ceil(word.length / 4))
    .sort((a, b) => a.away - b.away);
  return near[0] ? `; did you mean "${near[0].word}"?` : "";
}

/** Levenshtein: how many letters must be put in, taken out or changed to get from a to b. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...b].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
