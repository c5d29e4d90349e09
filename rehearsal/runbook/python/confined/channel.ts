import { readSync, writeSync } from "node:fs";
import { FROM_PARENT, TO_PARENT } from "../protocol.js";

/** The way to the process that started this one: a line of JSON for each message. Both reading and writing block. */
export class Channel<Incoming, Outgoing> {
  private readonly chunk = Buffer.alloc(65_536);
  private rest = Buffer.alloc(0);

  send(message: Outgoing): void {
    let bytes = Buffer.from(`${JSON.stringify(message)}\n`);
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(TO_PARENT, bytes));
  }

  /** Undefined: the other side is gone. */
  receive(): Incoming | undefined {
    const parts = [this.rest];
    let end = this.rest.indexOf("\n");
    while (end === -1) {
      const length = readSync(FROM_PARENT, this.chunk);
      if (length === 0) return undefined;
      const part = Buffer.from(this.chunk.subarray(0, length));
      const at = part.indexOf("\n");
      if (at !== -1) end = parts.reduce((sum, { length }) => sum + length, at);
      parts.push(part);
    }
    const all = Buffer.concat(parts);
    this.rest = all.subarray(end + 1);
    return JSON.parse(all.toString("utf8", 0, end)) as Incoming;
  }
}
