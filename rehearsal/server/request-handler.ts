import { type Cloud } from "../cloud/cloud.js";
import { answer } from "./bridge.js";
import { operatorCredentials } from "./credentials.js";

/** What the AWS SDK for JavaScript hands to whoever sends its requests. */
interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Sends an SDK client's requests to a local cloud instead of AWS, without a network:
 * `new SSMClient(sdkConfig(cloud, account, region))`.
 */
export function sdkConfig(cloud: Cloud, account: string, region: string) {
  return {
    region,
    credentials: operatorCredentials(account),
    requestHandler: new LocalRequestHandler(cloud),
  };
}

/** A `requestHandler` of the AWS SDK for JavaScript. */
export class LocalRequestHandler {
  constructor(private readonly cloud: Cloud) {}

  async handle({ headers, body }: SdkRequest) {
    const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const { status, ...response } = await answer(this.cloud, {
      headers: Object.fromEntries(lowered) as Record<string, string>,
      body: textOf(body),
    });
    const bytes = new TextEncoder().encode(response.body);
    return { response: { statusCode: status, headers: { ...response.headers }, body: bytes } };
  }

  // There is no connection to configure.
  updateHttpClientConfig(): void {
    return;
  }

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

function textOf(body: unknown): string {
  if (body === undefined || body === null) return "";
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new Error("requests with bodies that are streams are not taken");
}
