/** A text as one word of a POSIX shell, which expands nothing in it: in single quotes. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
