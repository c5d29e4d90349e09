import { expect } from "chai";
import { Clock } from "../../../kernel/clock.js";
import { REHEARSAL_STARTS } from "../../../kernel/timeline.js";
import type { ScriptResult } from "../../../runbook/python/interpreter.js";
import { Interpreter } from "../../../runbook/python/interpreter.js";

/** Two ways on from a list of Python's own: what is there of JavaScript, called. */
const CLASSES = `
    def below(kind):
        return [kind] + [each for sub in type.__subclasses__(kind) for each in below(sub)]
    found = [each for each in below(object) if "Js" in each.__name__]`;

/** Each tries to get out of Python; the ending says why it does not. */
const WAYS: readonly [way: string, body: string, ending: RegExp][] = [
  ["import js", "import js; return js.process.pid", /No module named 'js'/],
  ["from js import", "from js import process; return process.pid", /No module named 'js'/],
  ["pyodide_js", "import pyodide_js; return str(pyodide_js.FS)", /No module named 'pyodide_js'/],
  ["run_js", "from pyodide.code import run_js; return run_js('1')", /No module named 'pyodide'/],
  ["pyodide.ffi", "from pyodide.ffi import to_js; return 1", /No module named 'pyodide'/],
  ["_pyodide_core", "import _pyodide_core", /No module named '_pyodide_core'/],
  ["_pyodide", "import _pyodide._base", /No module named '_pyodide'/],
  [
    "modules that were taken away, imported anew",
    "import sys; sys.meta_path.pop(0); import pyodide.code; return pyodide.code.run_js('1')",
    /No module named 'js'/,
  ],
  [
    "the core, made anew by Python's own importer",
    `import sys; sys.meta_path.pop(0); import _pyodide_core
    return str(_pyodide_core.raw_call(_pyodide_core.jsnull))`,
    /not rehearsed|AttributeError/,
  ],
  [
    "the core's initialiser, with a module of its own for js",
    `import sys, types; sys.meta_path.pop(0)
    sys.modules["js"] = types.ModuleType("js"); sys.modules["pyodide_js"] = types.ModuleType("pyodide_js")
    import _pyodide_core
    return str(_pyodide_core.create_proxy({}))`,
    /which is closed to it/,
  ],
  [
    "importlib.reload",
    "import importlib, types; m = types.ModuleType('js'); return importlib.reload(m).process",
    /ImportError|ModuleNotFoundError/,
  ],
  [
    "classes of objects of JavaScript, called",
    `${CLASSES.trimStart()}
    assert found
    return [str(each("process")) for each in found]`,
    /TypeError|which is closed to it/,
  ],
  [
    "objects of JavaScript among all objects",
    `import gc
    found = [o for o in gc.get_objects() if type(o).__name__.startswith("JsProxy")]
    return [o.constructor.constructor("return process")() for o in found][0]`,
    /IndexError|which is closed to it/,
  ],
  ["ctypes", "import ctypes; return ctypes.CDLL(None).system(b'id')", /_dlsym_js, which is closed/],
  ["ctypes' pointers", "import ctypes; return ctypes.string_at(8)", /which is closed to it/],
  ["os.system", "import os; return os.system('id')", /_emscripten_system, which is closed/],
  ["subprocess", "import subprocess; return subprocess.run(['id'])", /does not support processes/],
  ["fork", "import os; return os.fork()", /OSError/],
  [
    "a thread",
    "import threading; threading.Thread(target=print).start()",
    /can't start new thread/,
  ],
  ["a socket", "import socket; socket.socket()", /__syscall_socket, which is closed/],
  [
    "urllib",
    "import urllib.request; return urllib.request.urlopen('http://127.0.0.1:1').read()",
    /getaddrinfo, which is closed/,
  ],
  ["a file of the machine", "return open('/etc/passwd').read()", /FileNotFoundError/],
  [
    "the rehearsal's own files",
    `return open(${JSON.stringify(__filename)}).read()`,
    /FileNotFoundError/,
  ],
  ["the end of the process", "import os; os._exit(3)", /proc_exit, which is closed/],
  ["an abort", "import os; os.abort()", /_abort_js, which is closed/],
  ["all memory", "return len('a' * (600 << 20))", /MemoryError/],
  [
    "recursion",
    "import sys; sys.setrecursionlimit(10**9)\n    f = lambda: f()\n    return f()",
    /broke down|MemoryError/,
  ],
];

/** What a script leaves, and what the next one finds of it. */
const TRACES: readonly [what: string, leave: string, look: string, found: unknown][] = [
  [
    "a module",
    "import sys; sys.modules['left'] = sys",
    "import sys; return 'left' in sys.modules",
    false,
  ],
  [
    "a module's variable",
    "import json; json.left = 1",
    "import json; return hasattr(json, 'left')",
    false,
  ],
  [
    "a patched function",
    "import json; json.loads = None",
    "import json; return json.loads('1')",
    1,
  ],
  ["a patched builtin", "import builtins; builtins.len = lambda _: 7", "return len('')", 0],
  [
    "a patched SDK",
    "import boto3; boto3.client = None",
    "import boto3; return boto3.client is None",
    false,
  ],
  [
    "the environment",
    "import os; os.environ['LEFT'] = '1'",
    "import os; return os.environ.get('LEFT')",
    null,
  ],
  ["a file", "open('/tmp/left', 'w').write('x')", "import os; return os.listdir('/tmp')", []],
  [
    "a changed file",
    "open('/home/pyodide/fleet_sdk.py', 'w').write('x')",
    "return len(open('/home/pyodide/fleet_sdk.py').read()) > 1",
    true,
  ],
  [
    "no files",
    "import shutil; shutil.rmtree('/lib', True); shutil.rmtree('/home', True)",
    "import os, wave; return len(os.listdir('/home'))",
    2,
  ],
  [
    "a folder to be in",
    "import os; os.mkdir('/tmp/d'); os.chdir('/tmp/d')",
    "import os; return os.getcwd()",
    "/home/pyodide",
  ],
  [
    "open files",
    "import os; e['f'] = [os.open('/tmp', 0) for _ in range(9)]",
    "import os; return len(os.listdir('/proc/self/fd')) < 9",
    true,
  ],
  ["closed files", "import os; os.closerange(0, 99)", "print('seen'); return 1", 1],
  ["half a line", "print('half', end='')", "return 1", 1],
  [
    "a handler of signals",
    "import signal; signal.signal(2, lambda *_: 1)",
    "import signal; return str(signal.getsignal(2)).find('lambda')",
    -1,
  ],
  [
    "a trace function",
    "import sys; sys.settrace(lambda *_: None)",
    "import sys; return sys.gettrace()",
    null,
  ],
  [
    "frozen time",
    "import time; time.sleep = None; time.time = lambda: 1",
    "import time; return time.time() > 9",
    true,
  ],
  [
    "a decimal context",
    "import decimal; decimal.getcontext().prec = 3",
    "import decimal; return decimal.getcontext().prec",
    28,
  ],
];

const inFunction = (body: string) => `def run(e, c):\n    ${body}`;

describe("Python of runbooks, which tries to get out", function () {
  this.timeout(120_000);
  const interpreter = new Interpreter();
  after(() => interpreter.close());

  async function run(body: string): Promise<ScriptResult> {
    const clock = new Clock(REHEARSAL_STARTS);
    const script = { source: inFunction(body), handler: "run", payload: {}, region: "r", seed: 1 };
    const running = clock.spawn(() =>
      interpreter.run(script, { clock, deadline: Infinity, call: () => ({}) }),
    );
    await clock.run();
    return running.wait();
  }

  for (const [way, body, why] of WAYS) {
    it(`does not by ${way}`, async () => {
      const { ending } = await run(body);
      expect(JSON.stringify(ending)).to.match(why);
      expect(ending.kind).to.be.oneOf(["raised", "not rehearsed"]);
      expect((await run("return 'well'")).ending).to.deep.include({ payload: '"well"' });
    });
  }

  it("sees no variable of the machine", async () => {
    process.env["FLEET_TEST_SECRET"] = "secret";
    const fresh = new Interpreter();
    try {
      const clock = new Clock(REHEARSAL_STARTS);
      const source = inFunction(
        "import os; return ''.join(f'{k}={v}' for k, v in os.environ.items())",
      );
      const script = { source, handler: "run", payload: {}, region: "r", seed: 1 };
      const running = clock.spawn(() =>
        fresh.run(script, { clock, deadline: Infinity, call: () => ({}) }),
      );
      await clock.run();
      const { ending } = await running.wait();
      expect(ending.kind).to.equal("returned");
      expect(JSON.stringify(ending)).not.to.match(/secret/i);
    } finally {
      delete process.env["FLEET_TEST_SECRET"];
      await fresh.close();
    }
  });

  for (const [what, leave, look, found] of TRACES) {
    it(`leaves nothing to the next script: ${what}`, async () => {
      const left = await run(leave);
      expect(left.ending.kind, JSON.stringify(left.ending)).to.be.oneOf([
        "returned",
        "not rehearsed",
      ]);
      const { ending, stdout } = await run(look);
      expect(ending).to.deep.equal({ kind: "returned", payload: JSON.stringify(found) });
      expect(stdout).to.equal(what === "closed files" ? "seen\n" : "");
    });
  }
});
