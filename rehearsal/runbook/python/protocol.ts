/** The messages between the main process and the process of the Python interpreter, a line of JSON each. */

/** The numbers of the open files through which the interpreter's process reads and writes messages. */
export const FROM_PARENT = 3;
export const TO_PARENT = 4;

/** The first message. */
export interface LoadMessage {
  /** Pyodide's files. */
  readonly folder: string;
  /** The Python files of the rehearsal, by their names. */
  readonly modules: Readonly<Record<string, string>>;
}

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

/** The script asks the cloud, or for time to pass, and waits for the answer. */
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

/** `later`: the answer is not there yet; the script is left and will be run again with it. */
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

export type FromInterpreter =
  | { readonly kind: "loaded" }
  | { readonly kind: "question"; readonly question: Question }
  | {
      readonly kind: "ended";
      readonly ending: Ending;
      readonly stdout: string;
      /** The script took so much memory that the process is better ended. */
      readonly isLast: boolean;
    };
