/** Milliseconds of an ISO 8601 duration in weeks to seconds, or undefined where the text is none. */
export function milliseconds(duration: string): number | undefined {
  const match = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
    duration,
  );
  if (match === null || !/\d/.test(duration)) return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const all = [weeks, days, hours, minutes, seconds].map((part) => part ?? 0);
  const factors = [604_800, 86_400, 3600, 60, 1];
  return all.reduce((sum, part, i) => sum + part * (factors[i] ?? 0) * 1000, 0);
}
