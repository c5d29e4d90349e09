/** A call of an API operation as the automation's role. */
export interface ApiCall {
  /** As in the AWS SDK for Python: `ssm`. */
  readonly service: string;
  /** In any spelling: `DescribeInstances`, `describe_instances`. */
  readonly operation: string;
  readonly input: object;
  /** Another Region than the automation's own. */
  readonly region?: string;
}

/**
 * The operation that a name means: `describe_instances`, `describeInstances` and `DescribeInstances` are one.
 * `known` decides capitals that the name does not show (`describe_db_instances` is `DescribeDBInstances`).
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
