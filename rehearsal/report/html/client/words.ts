/** Figures and outcomes in words. */

/** `+01:02:03`, without the hours where there are none. */
export function clockTime(seconds: number): string {
  return `+${duration(seconds)}`;
}

/** `01:02:03`, without the hours where there are none. */
export function duration(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const hours = seconds >= 3600 ? `${two(seconds / 3600)}:` : "";
  return `${hours}${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

/** Short times to a tenth of a second, longer ones as on a clock. */
export function took(seconds: number): string {
  return seconds < 120 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

export function money(dollars: number): string {
  return dollars === 0 ? "$0" : `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
}

export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? singular : plural}`;
}

/** The tone that a status of a run, a step, a command or a call is shown in. */
export function toneOf(status: string): "good" | "bad" | "warn" | "idle" {
  if (["Success", "passed", "ready", "allowed", "success"].includes(status)) return "good";
  if (["Pending", "InProgress", "Running", "none", "info", "no bootstrap"].includes(status))
    return "idle";
  if (["throttled", "not rehearsed", "warning", "Cancelled"].includes(status)) return "warn";
  return "bad";
}

const SIGNS = { good: "✓", bad: "✗", warn: "!", idle: "·" } as const;

export function signOf(status: string): string {
  return SIGNS[toneOf(status)];
}
