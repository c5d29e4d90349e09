/**
 * Makes this thread's clock the virtual one, in UTC: Python's `time` and `datetime` come from these globals.
 * For the thread of the Python interpreter only.
 */
export function virtualiseTime(clock: { readonly now: number }): void {
  Date.now = () => clock.now;
  performance.now = () => clock.now;
  Date.prototype.getTimezoneOffset = () => 0;
  for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds"] as const) {
    Date.prototype[`get${part}`] = function (this: Date) {
      return this[`getUTC${part}`]();
    };
  }
}
