import { REHEARSAL_STARTS } from "../kernel/timeline.js";

/** Virtual seconds since the start of the scenario. */
export function secondsAt(time: number): number {
  return rounded((time - REHEARSAL_STARTS) / 1000);
}

/** To a tenth of a thousandth: enough for prices, and free of floating point's tails. */
export function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

export function sum(values: readonly number[]): number {
  return rounded(values.reduce((total, value) => total + value, 0));
}

/** The middle of numbers, the mean of the two in the middle where their count is even; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [below, above] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return below === undefined || above === undefined ? undefined : rounded((below + above) / 2);
}
