import type { EmscriptenFiles } from "./files.js";
import { FileSystem } from "./files.js";

/** What is used here of the module that Emscripten makes of Python. */
export interface PythonModule {
  /** All of Python's memory; another object after it has grown. */
  readonly HEAPU8: Uint8Array;
  readonly FS: EmscriptenFiles;
  /** The stack grows downwards from its base to its end; this is where it is. */
  stackSave(): number;
  stackRestore(place: number): void;
  stringToNewUTF8(text: string): number;
  _emscripten_stack_get_end(): number;
  _sbrk(more: number): number;
  /** 0: it ran to its end. */
  _PyRun_SimpleString(text: number): number;
}

/**
 * All of Python at a moment: its memory, its stack and its files, to which it can be put back. So a script leaves nothing
 * behind: no module, no global, no patched function, no file. Only to be used while no Python code runs.
 */
export class Snapshot {
  /** What is below and above that part of the stack that nobody uses: a third of the memory. */
  private readonly below: Uint8Array;
  private readonly above: Uint8Array;
  private readonly stack: number;
  private readonly files: FileSystem;

  constructor(private readonly python: PythonModule) {
    this.stack = python.stackSave();
    this.below = python.HEAPU8.slice(0, python._emscripten_stack_get_end());
    this.above = python.HEAPU8.slice(this.stack, python._sbrk(0));
    this.files = new FileSystem(python.FS);
  }

  restore(): void {
    const { python, below, above, stack } = this;
    const [end, now] = [stack + above.length, python._sbrk(0)];
    python.HEAPU8.set(below);
    python.HEAPU8.set(above, stack);
    // Memory that is got for the first time is empty.
    if (now > end) python.HEAPU8.fill(0, end, now);
    python.stackRestore(stack);
    this.files.restore();
  }
}
