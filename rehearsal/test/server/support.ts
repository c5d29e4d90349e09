/** What a call of an SDK is refused with. */
export async function refused(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("the call was not refused");
}

/** No process of a served cloud fails in these tests. */
export function broken(error: unknown): void {
  throw error;
}
