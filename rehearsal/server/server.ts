import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cloud } from "../cloud/cloud.js";
import { AwsError, messageOf } from "../kernel/errors.js";
import { UserError } from "../../lib/user-error.js";
import { checkSize } from "./body-size.js";
import type { Admitted, Answered, RequestDispatcher } from "./request-dispatcher.js";
import { bridgeOf } from "./request-dispatcher.js";
import type { RequestHead } from "./http.js";
import { bodyOf, checkAddress, headOf, readOver, refuseUnreadable } from "./incoming.js";
import type { ClockSpeed } from "./clock-speed.js";
import { Timekeeper } from "./clock-speed.js";

/**
 * Only this machine is reached, and only this machine may send requests. An address and no name: S3's clients then name
 * buckets in the path.
 */
const LOOPBACK = "127.0.0.1";

export interface ServeOptions {
  /** @default one that is free */
  readonly port?: number;
  readonly clockSpeed: ClockSpeed;
  /** How long a request may take to come, in milliseconds of real time. @default 60,000 */
  readonly patience?: number;
  /** Called for each request. */
  readonly log?: (answered: Answered) => void;
  /** Called with what a process of the cloud threw: a bug, after which nothing goes on in it. */
  readonly broken: (error: unknown) => void;
}

/** A local cloud that AWS's SDKs and the AWS CLI use like AWS. */
export interface ServedCloud {
  /** For `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** The environment variables of an account's operator. */
  environment(account: string, region: string): Record<string, string>;
  close(): Promise<void>;
}

/**
 * Serves a local cloud on this machine until it is closed.
 * @throws UserError where the port cannot be had
 */
export async function serve(cloud: Cloud, options: ServeOptions): Promise<ServedCloud> {
  const dispatcher = bridgeOf(cloud);
  const time = new Timekeeper(cloud.clock, options.clockSpeed, options.broken);
  const server = serverOf(dispatcher, time, options);
  try {
    await listen(server, options.port ?? 0);
  } catch (error) {
    await time.close();
    throw error;
  }
  const endpoint = `http://${LOOPBACK}:${portOf(server)}`;
  return {
    endpoint,
    environment: (account, region) => {
      const { accessKeyId, secretAccessKey } = dispatcher.keys.operatorCredentials(account);
      return {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_REGION: region,
        // The AWS CLI reads this one alone.
        AWS_DEFAULT_REGION: region,
      };
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, time.close()]);
    },
  };
}

/** Checked before the deployment, so that nobody waits for it in vain. @throws UserError where the port cannot be had */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await new Promise((resolve) => server.close(resolve));
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

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

function serverOf(
  dispatcher: RequestDispatcher,
  time: Timekeeper,
  { patience = 60_000, log }: ServeOptions,
): Server {
  const server = createServer({
    requestTimeout: patience,
    headersTimeout: patience,
    connectionsCheckingInterval: Math.min(patience, 5000),
    // Looked at with the rest of the host's name.
    requireHostHeader: false,
  });
  const respond = async (incoming: IncomingMessage, response: ServerResponse) => {
    const check = (head: RequestHead) => {
      checkAddress(head, portOf(server));
    };
    const admitted = await dispatcher.admit(headOf(incoming), check);
    const answered =
      "response" in admitted
        ? admitted
        : await carryOut(dispatcher, time, admitted, incoming, response);
    if (answered === undefined) return;
    const sent = send(dispatcher, answered, incoming, response);
    log?.(sent);
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    // Nothing that a client does ends the server: what is left here is a bug of the rehearsal, and is reported as one.
    respond(incoming, response).catch((error: unknown) => {
      response.destroy();
      log?.(dispatcher.failure(headOf(incoming), error));
    });
  };
  return (
    server
      .on("request", listener)
      // A client that asks first sends its body when its request is admitted.
      .on("checkContinue", listener)
      .on("clientError", refuseUnreadable)
  );
}

/** Reads the body and carries the request out; undefined: the client went away. */
async function carryOut(
  dispatcher: RequestDispatcher,
  time: Timekeeper,
  admitted: Admitted,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<Answered | undefined> {
  if (incoming.headers.expect !== undefined) response.writeContinue();
  let body: Uint8Array;
  try {
    body = await bodyOf(incoming, (bytes) => {
      checkSize(admitted.scope.service, bytes);
    });
  } catch (error) {
    return error instanceof AwsError ? dispatcher.refusal(admitted, error) : undefined;
  }
  return time.carryOut(() => dispatcher.carryOut(admitted, body));
}

function send(
  dispatcher: RequestDispatcher,
  answered: Answered,
  incoming: IncomingMessage,
  response: ServerResponse,
): Answered {
  const { status, headers, body } = answered.response;
  try {
    response.writeHead(status, headers);
  } catch (error) {
    // A header that HTTP has no way to write.
    return send(dispatcher, dispatcher.failure(headOf(incoming), error), incoming, response);
  }
  response.end(body);
  readOver(incoming);
  return answered;
}
