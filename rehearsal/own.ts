/** What a table has under a name that somebody gave. `table[name]` also finds what every object has, e.g. `constructor`. */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
