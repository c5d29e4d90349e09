/** The properties of an instance type that a script can see. */
export interface Hardware {
  readonly memoryMiB: number;
  readonly processors: number;
}

/** Memory in GiB and vCPUs by size. Source: EC2's instance type tables, the t3/t4g and m families. */
const BURSTABLE: Readonly<Record<string, readonly [memoryGiB: number, processors: number]>> = {
  nano: [0.5, 2],
  micro: [1, 2],
  small: [2, 2],
  medium: [4, 2],
  large: [8, 2],
  xlarge: [16, 4],
  "2xlarge": [32, 8],
};

/** GiB of memory for each vCPU by the family's first letter; `m`: general purpose, `c`: compute, `r`: memory. */
const MEMORY_PER_PROCESSOR: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

/** The hardware of an instance type; of families that are not listed here, that of the general purpose one. */
export function hardwareOf(instanceType: string): Hardware {
  const [family = "", size = ""] = instanceType.split(".");
  const burstable = family.startsWith("t") ? BURSTABLE[size] : undefined;
  if (burstable !== undefined) return { memoryMiB: burstable[0] * 1024, processors: burstable[1] };
  const processors =
    size === "medium" ? 1 : size === "large" ? 2 : 4 * Number.parseInt(size, 10) || 4;
  const perProcessor = MEMORY_PER_PROCESSOR[family.charAt(0)] ?? 4;
  return { memoryMiB: processors * perProcessor * 1024, processors };
}
