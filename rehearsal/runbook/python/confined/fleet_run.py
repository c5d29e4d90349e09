"""Runs the scripts of aws:executeScript, one at a time, each in a namespace of its own."""

import ast
import functools
import gc
import importlib
import importlib.machinery
import io
import json
import os
import random
import sys
import time
import tokenize
import traceback

import fleet_bridge
import fleet_sdk

SCRIPT = "customer_script.py"
# Automation's newest Python. This interpreter is newer, so what came later is looked for.
PYTHON = (3, 11)
# What there is only because Python runs in JavaScript, without the underscores in front.
PYODIDE = {"js", "pyodide", "pyodide_js", "pyodide_core", "pyodide_py"}
# Modules that scripts import often. Their import does nothing but make them.
COMMON = frozenset(
    "collections concurrent.futures copy csv dataclasses datetime decimal enum functools hashlib ipaddress itertools logging "
    "math operator re string textwrap typing urllib.parse uuid zoneinfo".split()
)

# Virtual time passes, and chance is the same in every run: that of `random`, and what the system gives `uuid` and `secrets`.
chance = random.Random()
time.sleep = fleet_sdk.sleep
os.urandom = random._urandom = chance.randbytes


def leave_pyodide():
    """A script finds plain Python: nothing of how it is run in JavaScript. What closes the way there is not this."""
    own = [name for name in sys.modules if name.split(".")[0].lstrip("_") in PYODIDE]
    for name in own:
        del sys.modules[name]
    sys.meta_path[:] = [Absent, importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter, importlib.machinery.PathFinder]
    for name in own:
        vars(sys.modules["__main__"]).pop(name, None)
    gc.collect()


class Absent:
    """Finds nothing, and lets nobody after it look."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0].lstrip("_") in PYODIDE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def serve():
    """Carries out one order."""
    order = json.loads(fleet_bridge.read())
    if order["kind"] == "prepare":
        prepare(order["script"])
    else:
        ending = run_script(order["script"], order["handler"], order["payload"], order["region"], order["seed"])
        for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            flush(stream)
        fleet_bridge.tell({"kind": "ended", "ending": ending})


def flush(stream):
    try:
        stream.flush()
    except BaseException:
        # The script put something else there, or closed it: then nothing of it is shown.
        pass


def prepare(script):
    """Does once what each run of the script would do first."""
    try:
        compiled(script)
        for node in ast.walk(ast.parse(script, SCRIPT)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in COMMON.intersection(names):
                importlib.import_module(name)
    except Exception:
        # The run itself tells it.
        pass


def run_script(script, handler, payload, region, seed):
    """Gives how the script ended."""
    fleet_sdk.default_region = region
    random.seed(seed)
    chance.seed(seed)
    try:
        namespace = {"__name__": "customer_script", "__file__": SCRIPT}
        exec(compiled(script), namespace)
        if handler not in namespace:
            raise AttributeError(f"the script has no function {handler}")
        # What AWS puts into the context is not documented: a script that reads it fails here.
        returned = namespace[handler](json.loads(payload), {})
        return {"kind": "returned", "payload": json.dumps(returned)}
    except fleet_sdk.NotRehearsed as unmodelled:
        return {"kind": "not rehearsed", "subject": unmodelled.subject, "reason": unmodelled.reason}
    except fleet_sdk.TimedOut:
        return {"kind": "timed out"}
    except BaseException as error:
        return raised(error, script)


@functools.lru_cache(maxsize=64)
def compiled(script):
    ast.parse(script, SCRIPT, feature_version=PYTHON)
    check_f_strings(script)
    return compile(script, SCRIPT, "exec")


def check_f_strings(script):
    """Since 3.12 an f-string may hold its own kind of quote, and backslashes, between its braces; before, it may not."""
    quotes = []
    for token in tokenize.generate_tokens(io.StringIO(script).readline):
        starts = token.type == tokenize.FSTRING_START
        inside = quotes and token.type not in (tokenize.FSTRING_MIDDLE, tokenize.FSTRING_END)
        quote = token.string.lstrip("rRfFbBuU") if starts or token.type == tokenize.STRING else ""
        if inside and ("\\" in token.string or any(quote.startswith(outer) for outer in quotes)):
            place = (SCRIPT, token.start[0], token.start[1] + 1, token.line)
            raise SyntaxError("f-string: Python 3.11 takes neither its own quote nor a backslash between the braces", place)
        if starts:
            quotes.append(quote)
        elif token.type == tokenize.FSTRING_END:
            quotes.pop()


def raised(error, script):
    """An exception with the lines of the script that led to it, as Automation shows it."""
    lines = script.splitlines()
    trace = ["Traceback (most recent call last):"]
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == SCRIPT:
            trace.append(f'  File "/tmp/{SCRIPT}", line {frame.lineno}, in {frame.name}')
            if frame.lineno and frame.lineno <= len(lines):
                trace.append(f"    {lines[frame.lineno - 1].strip()}")
    return {"kind": "raised", "type": type(error).__name__, "message": str(error), "trace": "\n".join(trace)}
