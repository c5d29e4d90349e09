import type { ReadVariant, Variant } from "../../packing/variant.js";

/** A variant of a package that is right, for tests that change one thing. */
export const readVariant = (
  variant: Partial<Variant> = {},
  files: Readonly<Record<string, string>> = { tool: "echo tool\n" },
): ReadVariant => ({
  variant: {
    name: "tool",
    version: "1.0.0",
    os: "linux",
    architecture: "_any",
    executable: "tools/tool",
    install: "cp tool /usr/local/bin/",
    uninstall: "rm -f /usr/local/bin/tool",
    ...variant,
  },
  files: new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
});
