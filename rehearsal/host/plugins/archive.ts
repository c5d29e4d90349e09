import { unzipSync } from "fflate";
import type { UnpackedFile } from "./package-repository.js";

const CENTRAL_ENTRY = 0x02014b50;
const END_OF_CENTRAL = 0x06054b50;
const UNIX = 3;
const MACOS = 19;

/**
 * The files of a zip with the modes that the agent gives them: what the archive says where it was made on Unix,
 * 0644 elsewhere (Go's archive/zip, which the agent's fileutil.Unzip uses, with root's umask).
 * @throws Error where the bytes are no zip, or a name leads out of the folder.
 */
export function unzip(bytes: Uint8Array): UnpackedFile[] {
  const contents = unzipSync(bytes);
  const modes = modesOf(bytes);
  return Object.entries(contents)
    .filter(([name]) => !name.endsWith("/"))
    .map(([name, content]) => {
      if (name.split(/[/\\]/).includes("..") || name.startsWith("/")) {
        throw new Error(`${name} attepts to place files outside the package's subtree`);
      }
      return { name, bytes: content, mode: (modes.get(name) ?? 0o644) & ~0o022 };
    });
}

/** Modes by name from the central directory. Source: APPNOTE.TXT, 4.3.12 and 4.4.2. */
function modesOf(bytes: Uint8Array): ReadonlyMap<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const modes = new Map<string, number>();
  let at = bytes.length - 22;
  while (at >= 0 && view.getUint32(at, true) !== END_OF_CENTRAL) at--;
  if (at < 0) return modes;
  let entry = view.getUint32(at + 16, true);
  for (
    let left = view.getUint16(at + 10, true);
    left > 0 && view.getUint32(entry, true) === CENTRAL_ENTRY;
    left--
  ) {
    const madeBy = view.getUint8(entry + 5);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      view.getUint16(entry + offset, true),
    );
    const name = Buffer.from(bytes.subarray(entry + 46, entry + 46 + (nameLength ?? 0))).toString(
      "utf8",
    );
    if (madeBy === UNIX || madeBy === MACOS)
      modes.set(name, (view.getUint32(entry + 38, true) >>> 16) & 0o777);
    entry += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return modes;
}
