import type { Properties } from "../kernel/resource.js";

/** What the rehearsal sends to the process that runs a program. */
export type ParentMessage =
  | {
      kind: "run";
      /** The project's folder: where the program finds its files. */
      folder: string;
      main: string;
      project: string;
      stack: string;
      config: Readonly<Record<string, string>>;
    }
  | { kind: "answer"; id: number; resourceId: string; state: Properties }
  | { kind: "refusal"; id: number; message: string };

export interface ResourceRequest {
  readonly kind: "resource";
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** `urn::id`, or empty where the program gave none. */
  readonly provider: string;
  readonly inputs: Properties;
}

export interface InvokeRequest {
  readonly kind: "invoke";
  readonly id: number;
  readonly token: string;
  readonly provider: string;
  readonly args: Properties;
}

/** What that process sends to the rehearsal. */
export type ChildMessage =
  | ResourceRequest
  | InvokeRequest
  | { kind: "done"; outputs: Properties }
  | { kind: "failed"; message: string; isMistake: boolean };
