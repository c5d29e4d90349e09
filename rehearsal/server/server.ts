import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cloud } from "../cloud/cloud.js";
import { messageOf } from "../kernel/errors.js";
import { UserError } from "../../lib/user-error.js";
import type { Answered } from "./request-dispatcher.js";
import { bridgeOf } from "./request-dispatcher.js";
import { operatorCredentials } from "./credentials.js";
import type { WireRequest } from "./http.js";
import type { ClockSpeed } from "./clock-speed.js";
import { Timekeeper } from "./clock-speed.js";

/** Nobody else's machine is asked, and nobody else's machine may ask. An address and no name: S3's clients then name buckets in the path. */
const LOOPBACK = "127.0.0.1";

export interface ServeOptions {
  /** @default one that is free */
  readonly port?: number;
  readonly clockSpeed: ClockSpeed;
  /** Told of each request. */
  readonly log?: (answered: Answered) => void;
  /** Told what a process of the cloud threw: a bug, after which nothing goes on in it. */
  readonly broken: (error: unknown) => void;
}

/** A local cloud to which AWS's SDKs and the AWS CLI speak as to AWS. */
export interface ServedCloud {
  /** For `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** What whoever works as the operator of an account has in the environment. */
  environment(account: string, region: string): Record<string, string>;
  close(): Promise<void>;
}

/**
 * Serves a local cloud on this machine until it is closed.
 * @throws UserError where the port cannot be had
 */
export async function serve(cloud: Cloud, options: ServeOptions): Promise<ServedCloud> {
  const time = new Timekeeper(cloud.clock, options.clockSpeed, options.broken);
  const server = createServer((request, response) => {
    respond(cloud, time, request, response)
      .then((answered) => options.log?.(answered))
      .catch(options.broken);
  });
  try {
    await listen(server, options.port ?? 0);
  } catch (error) {
    await time.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://${LOOPBACK}:${port}`;
  return {
    endpoint,
    environment: (account, region) => environmentOf(endpoint, account, region),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, time.close()]);
    },
  };
}

/** Whoever waits for a deployment wants to know before. @throws UserError where the port cannot be had */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await new Promise((resolve) => server.close(resolve));
}

function environmentOf(endpoint: string, account: string, region: string) {
  const { accessKeyId, secretAccessKey } = operatorCredentials(account);
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region,
    // The AWS CLI reads this one alone.
    AWS_DEFAULT_REGION: region,
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const isTaken = "code" in error && error.code === "EADDRINUSE";
      const reason = isTaken
        ? "something else listens there; name another, or none for one that is free"
        : messageOf(error);
      reject(new UserError(`--port ${port}: ${reason}`));
    });
    server.listen(port, LOOPBACK, resolve);
  });
}

async function respond(
  cloud: Cloud,
  time: Timekeeper,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<Answered> {
  const request = await requestOf(incoming);
  const answered = await time.carryOut(() => bridgeOf(cloud).answer(request));
  const { status, headers, body } = answered.response;
  response.writeHead(status, headers);
  response.end(body);
  return answered;
}

async function requestOf(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path = "/", query = ""] = (incoming.url ?? "/").split(/\?(.*)/s, 2);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}
