/** Stands for what Pyodide loads under Node and never needs here: `ws` and `node:child_process`. */
export default {};
