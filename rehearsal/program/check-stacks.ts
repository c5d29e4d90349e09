import { checkTogether } from "../../lib/stacks-together.js";
import type { StackSettings, TogetherProblem } from "../../lib/stacks-together.js";
import { checkRoutes } from "./check-routes.js";
import { UserError } from "../../lib/user-error.js";
import { inStack } from "./program.js";
import type { Programs } from "./programs.js";
import type { Project, StackFile } from "./stack-files.js";
import { ownSettings } from "./stack-files.js";

/**
 * Compares the stacks of a folder, as they are written and before any scenario changes them.
 * @param warn is called with what is valid, but perhaps not what was meant
 * @throws UserError with all that is wrong, in one of them as well
 */
export async function checkStacks(
  project: Project,
  stacks: readonly StackFile[],
  programs: Programs,
  warn: (text: string) => void,
): Promise<void> {
  const settings = stacks.map((stack) => ({
    stack: stack.name,
    settings: ownSettings(project, stack),
  }));
  const { problems, warnings } = await checked(project, settings);
  const textOf = (problem: TogetherProblem) => wordsOf(problem, stacks);
  warnings.map(textOf).forEach(warn);
  if (problems.length === 0) return;
  const inPrograms = await programs.check(project, stacks).then(
    () => [],
    (error: unknown) => {
      if (error instanceof UserError) return [error.message];
      throw error;
    },
  );
  throw new UserError([...problems.map(textOf), ...inPrograms].join("\n"));
}

async function checked(project: Project, all: readonly StackSettings[]) {
  const together = checkTogether(project.name, all);
  const problems = [...together.problems];
  const warnings = [...together.warnings];
  for (const { stack, settings } of all) {
    const routes = await checkRoutes(settings["routes"]);
    problems.push(...routes.problems.map((problem) => ({ stack, ...problem })));
    warnings.push(...routes.warnings.map((warning) => ({ stack, ...warning })));
  }
  return { problems, warnings };
}

function wordsOf({ stack, key, reason }: TogetherProblem, stacks: readonly StackFile[]): string {
  const found = stacks.find(({ name }) => name === stack);
  return found ? inStack(found, `${key}: ${reason}`) : `${key}: ${reason}`;
}
