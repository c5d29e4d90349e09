/** What the main thread and the thread of the Python interpreter say to each other. Values travel as JSON texts. */

export interface RunMessage {
  readonly script: string;
  readonly handler: string;
  /** JSON */
  readonly payload: string;
  readonly region: string;
  /** Milliseconds since the epoch: what the script's clock shows at first. */
  readonly now: number;
  /** What the script's chance begins with. */
  readonly seed: number;
}

/** The script asks the cloud, or for time to pass. Its thread waits for the answer. */
export type Question =
  | {
      readonly kind: "call";
      readonly service: string;
      readonly operation: string;
      readonly region: string;
      /** JSON */
      readonly input: string;
    }
  | { readonly kind: "sleep"; readonly seconds: number };

export interface Answer {
  /** Milliseconds since the epoch, after whatever the question took. */
  readonly now: number;
  /** JSON of the output, of a refusal or of a reason to end the script. */
  readonly text: string;
}

/** How a script ended. */
export type Ending =
  | { readonly kind: "returned"; readonly payload: string }
  | {
      readonly kind: "raised";
      readonly type: string;
      readonly message: string;
      readonly trace: string;
    }
  | { readonly kind: "not rehearsed"; readonly subject: string; readonly reason: string }
  | { readonly kind: "timed out" };

export type FromWorker =
  | { readonly kind: "loaded" }
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "ended"; readonly ending: Ending; readonly stdout: string };
