import type { Partition } from "../../kernel/partition.js";
import type { Project, StackFile } from "../../program/stack-files.js";

/**
 * Settings of one partition in another: the stacks' Regions become that partition's, the first its first and so on,
 * the same one in every stack. Where it has fewer, the last one stands for the rest.
 */
export class Relocation {
  private readonly regions: ReadonlyMap<string, string>;

  constructor(
    private readonly project: Project,
    /** Without it everything stays where it is. */
    private readonly partition: Partition | undefined,
    stacks: readonly StackFile[],
  ) {
    const named = stacks
      .filter((stack) => this.concerns(stack))
      .flatMap((stack) => regionsOf(project, stack));
    const regions = partition?.regions ?? [];
    this.regions = new Map(
      [...new Set(named)].map((region, index) => [
        region,
        regions[index] ?? regions.at(-1) ?? region,
      ]),
    );
  }

  /** What a Region of the settings is called there. */
  region(name: string): string {
    return this.regions.get(name) ?? name;
  }

  /** The stack's settings there: Regions and ARNs are the other partition's. */
  stack(stack: StackFile): StackFile {
    if (this.partition === undefined || !this.concerns(stack)) return stack;
    const { name } = this.project;
    const config = this.moved(stack.config) as Record<string, unknown>;
    const regions = config[`${name}:regions`];
    return {
      ...stack,
      config: {
        ...config,
        [`${name}:partition`]: this.partition.id,
        ...(Array.isArray(regions) && { [`${name}:regions`]: [...new Set<unknown>(regions)] }),
      },
    };
  }

  private concerns({ config }: StackFile): boolean {
    const own = config[`${this.project.name}:partition`];
    return this.partition !== undefined && own !== this.partition.id;
  }

  private moved(value: unknown): unknown {
    if (typeof value === "string") return this.movedText(value);
    if (Array.isArray(value)) return value.map((item) => this.moved(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.moved(item)]));
  }

  private movedText(text: string): string {
    const [, service, region, rest] = /^arn:aws[a-z-]*:([^:]*):([^:]*):(.*)$/.exec(text) ?? [];
    if (service === undefined || region === undefined || rest === undefined)
      return this.region(text);
    return ["arn", this.partition?.id, service, this.region(region), rest].join(":");
  }
}

/** The Regions of a stack; the program refuses anything but a list. */
export function regionsOf(project: Project, stack: StackFile): string[] {
  const regions = stack.config[`${project.name}:regions`];
  return Array.isArray(regions) ? regions.map(String) : [];
}
