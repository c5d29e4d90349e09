import type { Cloud } from "../cloud/cloud.js";
import type { RequestDispatcher } from "./request-dispatcher.js";
import { bridgeOf } from "./request-dispatcher.js";

/** What the AWS SDK for JavaScript passes to the handler that sends its requests. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Sends an SDK client's requests to a local cloud instead of AWS, without a network:
 * `new SSMClient(sdkConfig(cloud, account, region))`.
 */
export function sdkConfig(cloud: Cloud, account: string, region: string) {
  const bridge = bridgeOf(cloud);
  return {
    region,
    credentials: bridge.keys.operatorCredentials(account),
    requestHandler: new LocalRequestHandler(bridge),
  };
}

/** A `requestHandler` of the AWS SDK for JavaScript. */
export class LocalRequestHandler {
  constructor(private readonly dispatcher: RequestDispatcher) {}

  async handle({ method, path, query, headers, body }: SdkRequest) {
    const { response: answer } = await this.dispatcher.answer({
      method,
      path,
      query: new URLSearchParams(pairsOf(query)),
      headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      body: bytesOf(body),
    });
    const response = {
      statusCode: answer.status,
      headers: { ...answer.headers },
      body: bytesOf(answer.body),
    };
    return { response };
  }

  // There is no connection to configure.
  updateHttpClientConfig(): void {
    return;
  }

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

function pairsOf(query: SdkRequest["query"] = {}): [string, string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    [value ?? ""].flat().map((text): [string, string] => [name, text]),
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  throw new Error("requests with bodies that are streams are not taken");
}
