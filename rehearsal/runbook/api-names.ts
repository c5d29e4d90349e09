/**
 * The operation that a name means: `describe_instances`, `describeInstances` and `DescribeInstances` are one.
 * `known` decides capitals that the name does not tell (`describe_db_instances` is `DescribeDBInstances`).
 */
export function operationNamed(name: string, known: readonly string[]): string {
  const plain = (text: string) => text.replaceAll("_", "").toLowerCase();
  const found = known.find((operation) => plain(operation) === plain(name));
  if (found !== undefined) return found;
  return name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
