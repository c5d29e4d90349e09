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
  /** What the script asked and was answered before it was suspended: it is run again, up to there without a question. */
  readonly past: readonly Exchange[];
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

export interface Exchange {
  readonly question: Question;
  readonly answer: Answer;
}

/** `later`: the answer is not there yet; the script is suspended and will be run again with it. */
export type Reply = Answer | "later";

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
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "suspended" }
  /** The interpreter itself gave up, as when its memory is full. */
  | { readonly kind: "broken"; readonly why: string }
  | { readonly kind: "ended"; readonly ending: Ending; readonly stdout: string };
