/** As a shell has it for a program that SIGPIPE ended. */
const NO_READER = 141;

/** Ends this program without a word where nobody reads any more what it writes, as in `fleet … | head -1`. */
export function endWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(NO_READER);
    });
  }
}
