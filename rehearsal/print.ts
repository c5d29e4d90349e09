/** The only places from which the rehearsal writes to a terminal. */
export function print(text: string): void {
  process.stdout.write(text);
}

export function printError(text: string): void {
  process.stderr.write(text);
}
