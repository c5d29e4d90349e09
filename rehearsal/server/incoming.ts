import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AwsError } from "../kernel/errors.js";
import type { RequestHead } from "./http.js";
import { escaped, xml } from "./http.js";

/** For how long the server reads on what a refused client still sends, in milliseconds. */
const LINGERING = 2000;

export function headOf({ url = "/", method = "GET", headers }: IncomingMessage): RequestHead {
  const [path = "/", query = ""] = url.split(/\?(.*)/s, 2);
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
}

/**
 * Only requests that name this machine are answered. A web page whose name is made to lead here (DNS rebinding) is
 * refused: its requests carry that name.
 * @throws AwsError AccessDeniedException; InvalidURI for the address of another server, as proxies get it
 */
export function checkAddress({ headers, path }: RequestHead, port: number): void {
  if (!path.startsWith("/")) throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  const host = headers.get("host") ?? "";
  // S3's clients may put buckets before the name; browsers and resolvers keep all of `localhost` on this machine.
  const [isLocal, named = "80"] =
    /^(?:127\.0\.0\.1|(?:[a-z0-9.-]+\.)?localhost)(?::(\d+))?$/i.exec(host) ?? [];
  if (isLocal !== undefined && Number(named) === port) return;
  throw new AwsError(
    "AccessDeniedException",
    `Host "${host}" is not served here: expected 127.0.0.1:${port} or localhost:${port}`,
  );
}

/**
 * The body. `check` is called with the length so far; if it throws, reading ends.
 * @throws what `check` throws; another error where the client went away
 */
export async function bodyOf(
  incoming: IncomingMessage,
  check: (bytes: number) => void,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  // The connection is still needed, for the refusal.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    check(length);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Reads on what a refused client still sends, but not for ever: an immediate reset would lose the answer. */
export function readOver(incoming: IncomingMessage): void {
  if (incoming.complete) return;
  const timer = setTimeout(() => incoming.socket.destroy(), LINGERING);
  incoming.once("close", () => {
    clearTimeout(timer);
  });
  incoming.resume();
}

/** What Node's parser refuses, in S3's form: the service is not known then. Source: S3 API reference, "Error responses". */
const UNREADABLE: ReadonlyMap<string, readonly [string, string]> = new Map([
  [
    "HPE_HEADER_OVERFLOW",
    [
      "RequestHeaderSectionTooLarge",
      "The request header and metadata headers exceed the maximum allowed size.",
    ],
  ],
  [
    "ERR_HTTP_REQUEST_TIMEOUT",
    [
      "RequestTimeout",
      "Your socket connection to the server was not read from or written to within the timeout period.",
    ],
  ],
  [
    "HPE_INVALID_EOF_STATE",
    [
      "IncompleteBody",
      "You did not provide the number of bytes specified by the Content-Length HTTP header.",
    ],
  ],
]);

/** Answers requests that are not HTTP, or not complete. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, message] = UNREADABLE.get(error.code ?? "") ?? [
    "BadRequest",
    "An error occurred when parsing the HTTP request.",
  ];
  const { headers, body } = xml(
    400,
    `<Error><Code>${code}</Code><Message>${escaped(message)}</Message><RequestId>local</RequestId></Error>`,
  );
  const lines = [
    "HTTP/1.1 400 Bad Request",
    ...Object.entries({
      ...headers,
      "content-length": Buffer.byteLength(body),
      connection: "close",
    }).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${String(body)}`, () => socket.destroy());
}
