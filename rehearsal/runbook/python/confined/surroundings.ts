import * as dgram from "node:dgram";
import * as net from "node:net";

const refuse = (): never => {
  throw new Error("this process has no network");
};

/** Node's permission model does not know the network. What opens a connection or listens is taken away. */
export function closeNetwork(): void {
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  dgram.Socket.prototype.bind = refuse;
  dgram.Socket.prototype.connect = refuse;
  dgram.Socket.prototype.send = refuse;
}

/** What JavaScript itself brings; all else of the global object is Node's. */
const OF_THE_LANGUAGE = new Set(
  `
  globalThis Infinity NaN undefined isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean
  DataView Date Error EvalError FinalizationRegistry Float32Array Float64Array Int8Array Int16Array Int32Array
  Intl Iterator JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol
  SyntaxError TypeError URIError Uint8Array Uint8ClampedArray Uint16Array Uint32Array WeakMap WeakRef WeakSet
  Buffer TextDecoder TextEncoder crypto performance
  `
    .trim()
    .split(/\s+/),
);

/** Takes away what Node puts into the global object: code that escapes into JavaScript could use it. */
export function closeGlobals(): void {
  Reflect.set(process, "binding", refuse);
  for (const name of Object.getOwnPropertyNames(globalThis))
    if (!OF_THE_LANGUAGE.has(name)) Reflect.deleteProperty(globalThis, name);
}
