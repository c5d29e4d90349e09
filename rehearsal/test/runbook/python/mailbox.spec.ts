import { expect } from "chai";
import { MessageChannel, Worker } from "node:worker_threads";
import { Mailbox } from "../../../runbook/python/mailbox.js";

/** Sends back what it gets. Its notice of a message comes late, when the other side may wait for the next one already. */
const ECHO = `
  const { receiveMessageOnPort, workerData: { port, counters } } = require("node:worker_threads");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let received = 0; ; received++) {
    while (Atomics.load(counters, 1) === received) Atomics.wait(counters, 1, received);
    port.postMessage(receiveMessageOnPort(port).message);
    Atomics.add(counters, 0, 1);
    Atomics.wait(pause, 0, 0, 6);
    Atomics.notify(counters, 0);
  }`;

describe("Mailbox", function () {
  this.timeout(60_000);

  it("gives each message once and in order, whenever the notice of it comes", async () => {
    const counters = new Int32Array(new SharedArrayBuffer(8));
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(ECHO, {
      eval: true,
      workerData: { port: port2, counters },
      transferList: [port2],
    });
    const mailbox = new Mailbox<number, number>({ port: port1, counters }, 0);
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const answers = Array.from({ length: 100 }, (_, number) => {
      mailbox.send(number);
      // Now and then the answer is there before the wait begins, and its notice comes during the next wait.
      Atomics.wait(pause, 0, 0, number % 4);
      return mailbox.receive(20_000);
    });
    await worker.terminate();
    port1.close();
    expect(answers).to.deep.equal(answers.map((_, number) => number));
  });

  it("gives up when nothing comes in time", () => {
    const counters = new Int32Array(new SharedArrayBuffer(8));
    const { port1 } = new MessageChannel();
    const mailbox = new Mailbox<number, number>({ port: port1, counters }, 0);
    expect(mailbox.receive(5)).to.equal(undefined);
    port1.close();
  });
});
