/** A table's entry for a name from outside. `table[name]` also finds what every object has, e.g. `constructor`. */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
