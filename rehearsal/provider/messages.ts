import type * as grpc from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { messageOf } from "../kernel/errors.js";
import type { Properties } from "../kernel/resource.js";

/** A handler that answers a request, or fails with the text of what it threw. */
export function answer<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
) {
  return (call: { request: Request }, callback: grpc.sendUnaryData<Response>): void => {
    void (async () => handle(call.request))().then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: status.UNKNOWN, details: messageOf(error) }),
    );
  };
}

/** What a check answers: the inputs as they are settled. */
export function checked(inputs: Properties): pb.CheckResponse {
  const response = new pb.CheckResponse();
  response.setInputs(struct(inputs));
  return response;
}

/** A message's struct as properties. */
export function object(value: Struct | undefined): Properties {
  return value?.toJavaScript() ?? {};
}

/** Properties as a message's struct. */
export function struct(value: Properties): Struct {
  // Structs know no `undefined`.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, never>);
}

/** `urn:pulumi:stack::project::parent$type::name` */
export function urnParts(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
