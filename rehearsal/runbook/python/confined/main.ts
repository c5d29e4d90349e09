// The process of the Python interpreter: no environment, no files but Pyodide's, no network. See docs/shells.md.
import type { FromInterpreter, LoadMessage, Reply, RunMessage } from "../protocol.js";
import { Channel } from "./channel.js";
import { Interpreter } from "./interpreter.js";
import { closeNetwork, closeGlobals } from "./surroundings.js";

async function start(): Promise<void> {
  const exit = process.exit.bind(process);
  const channel = new Channel<LoadMessage | RunMessage | Reply, FromInterpreter>();
  const receive = <T>() => {
    const message = channel.receive();
    // The process that the answers are for is gone.
    if (message === undefined) exit(0);
    return message as T;
  };
  closeNetwork();
  const interpreter = await Interpreter.load(receive<LoadMessage>(), (question) => {
    channel.send({ kind: "question", question });
    return receive<Reply>();
  });
  closeGlobals();
  channel.send({ kind: "loaded" });
  // The event loop is not needed any more.
  for (;;) {
    const outcome = interpreter.run(receive<RunMessage>());
    const isLast = interpreter.isTooLarge;
    if (outcome !== "suspended") channel.send({ kind: "ended", ...outcome, isLast });
    // While the other side goes on with the answer.
    interpreter.forget();
  }
}

void start();
