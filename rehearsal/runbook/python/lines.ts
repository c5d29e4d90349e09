import type { Readable } from "node:stream";

/** The messages of a stream, a line of JSON each, taken one by one. */
export class Lines<Message> {
  private parts: string[] = [];
  private readonly messages: Message[] = [];
  private waiting: ((message: Message | undefined) => void) | undefined;

  constructor(stream: Readable) {
    stream.setEncoding("utf8").on("data", (text) => this.take(String(text)));
  }

  /** The next message; undefined: `stopped` was called first. */
  next(): Promise<Message | undefined> {
    const message = this.messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => (this.waiting = resolve));
  }

  /** Nobody needs to wait any longer. */
  stop(): void {
    this.waiting?.(undefined);
    this.waiting = undefined;
  }

  private take(text: string): void {
    const lines = text.split("\n");
    this.parts.push(lines.shift() ?? "");
    for (const line of lines) {
      this.deliver(JSON.parse(this.parts.join("")) as Message);
      this.parts = [line];
    }
  }

  private deliver(message: Message): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) this.messages.push(message);
    else waiting(message);
  }
}
