/** The exit code that a shell reports for a program that SIGPIPE ended. */
const NO_READER = 141;

/** Ends this program silently where nobody reads its output any more, as in `fleet … | head -1`. */
export function endWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(NO_READER);
    });
  }
}
