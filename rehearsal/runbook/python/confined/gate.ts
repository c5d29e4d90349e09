/**
 * The gate between Python and JavaScript. Python is a WebAssembly module: it reaches nothing but its own memory and the functions
 * that it imports. Once it is loaded, the imports of this list go on working and every other one ends the script. So
 * no way through Python's modules, objects or bytecode leads into JavaScript, whatever a script finds there.
 */
const OPEN: ReadonlySet<string> = new Set(
  `
  _Py_CheckEmscriptenSignals_Helper _PyEM_GetCountArgsPtr _PyEM_TrampolineCall_JS __call_sighandler
  emscripten_resize_heap emscripten_get_heap_max
  emscripten_date_now emscripten_get_now clock_res_get clock_time_get
  _tzset_js _timegm_js _mktime_js _localtime_js _gmtime_js
  environ_sizes_get environ_get random_get
  fd_close fd_read fd_write fd_sync fd_fdstat_get fd_seek fd_pread fd_pwrite
  __syscall_fcntl64 __syscall_ioctl __syscall_openat __syscall_faccessat __syscall_dup __syscall_dup3
  __syscall_getcwd __syscall_chdir __syscall_fchdir __syscall_getdents64 __syscall_readlinkat
  __syscall_fstat64 __syscall_stat64 __syscall_lstat64 __syscall_newfstatat __syscall_statfs64 __syscall_fstatfs64
  __syscall_chmod __syscall_fchmod __syscall_fchmodat2 __syscall_fchownat __syscall_fchown32 __syscall_utimensat
  __syscall_mkdirat __syscall_unlinkat __syscall_rmdir __syscall_renameat __syscall_symlinkat
  __syscall_ftruncate64 __syscall_truncate64 __syscall_fallocate __syscall_fadvise64 __syscall_fdatasync
  __syscall_pipe __syscall_poll __syscall__newselect
  `
    .trim()
    .split(/\s+/),
);

/** Bytes that Python may have at most: a script that wants more gets a MemoryError. */
const MAX_MEMORY_BYTES = 512 * 1024 * 1024;

/** Thrown through Python when a script calls what is closed to it. */
export class Closed extends Error {}

type Call = (...args: unknown[]) => unknown;

/** A module's imports, by the module's name that they come from and their own. */
type Imports = Readonly<Record<string, object>>;

/** What is used here of WebAssembly, of which Node's types know nothing. */
interface Instantiating {
  instantiate(this: void, source: unknown, imports?: Imports): unknown;
}

export class Gate {
  private shut = false;
  /** What was called although it is closed, since it was last asked for: what is thrown may be caught on its way. */
  private called: string | undefined;

  /** Each module that is instantiated from now on imports through this gate. */
  build(): void {
    const assembly = Reflect.get(globalThis, "WebAssembly") as Instantiating;
    const { instantiate } = assembly;
    assembly.instantiate = (source, imports = {}) => instantiate(source, this.guarded(imports));
  }

  close(): void {
    this.shut = true;
  }

  takeCalled(): string | undefined {
    const { called } = this;
    this.called = undefined;
    return called;
  }

  private guarded(imports: Imports): Imports {
    const modules = Object.entries(imports).map(([module, members]) => {
      // The linker's addresses: no functions, and made when they are asked for.
      return [module, module.startsWith("GOT.") ? members : this.members(members)] as const;
    });
    return Object.fromEntries(modules);
  }

  private members(members: object): object {
    // On an object of its own, as what is proxied must not be other than a frozen member.
    return new Proxy(
      {},
      {
        get: (_, name) => {
          const member: unknown = Reflect.get(members, name);
          if (name === "emscripten_resize_heap") return limited(member as Call);
          return typeof member === "function" && !OPEN.has(String(name))
            ? this.closing(String(name), member as Call)
            : member;
        },
      },
    );
  }

  private closing(name: string, call: Call): Call {
    return (...args) => {
      if (!this.shut) return call(...args);
      this.called ??= name;
      throw new Closed(name);
    };
  }
}

/** Lets the memory grow so far and no further. */
function limited(resize: Call): Call {
  return (size) => Number(size) <= MAX_MEMORY_BYTES && resize(size);
}
