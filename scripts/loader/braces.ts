/**
 * What stands between double braces in a Command document is Systems Manager's: it refuses what it does not know, and an
 * agent pastes values in. Sources: amazon-ssm-agent, agent/parameters/parameters.go and
 * agent/framework/docparser/parameterstore/parser.go.
 */
const reference = /\{\{\s*([\w:./-]+)\s*\}\}/g;

/** A problem for each place of a script that AWS would take for a reference. */
export function braceProblems(
  lines: readonly string[],
): { readonly line: number; readonly reason: string }[] {
  return lines.flatMap((line, index) =>
    [...line.matchAll(reference)].map(([found]) => ({
      line: index + 1,
      reason: `expected no ${found}, which Systems Manager takes for a value of its own; join the two braces from two texts, or read a parameter as SSM_<name>`,
    })),
  );
}
