/** Arguments of the provider's functions that look for things of EC2. */
export interface Filtered {
  readonly filters?: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly id?: string;
}

/** EC2's filters: every filter must hold, by one of its values, in which `*` stands for any text. */
export function matchesAll(
  args: Filtered,
  valuesOf: (filter: string) => readonly (string | undefined)[],
): boolean {
  const filters = [
    ...(args.filters ?? []),
    ...Object.entries(args.tags ?? {}).map(([key, value]) => ({
      name: `tag:${key}`,
      values: [value],
    })),
  ];
  return filters.every(({ name, values }) =>
    valuesOf(name).some(
      (value) => value !== undefined && values.some((wanted) => wildcard(wanted).test(value)),
    ),
  );
}

function wildcard(text: string): RegExp {
  const escaped = text
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`);
}
