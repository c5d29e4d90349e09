import { readFileSync } from "node:fs";
import { dirname, extname, join, posix, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "../..");

/** One import of a file: of another file of the project, or of a package. */
export interface Import {
  /** Relative to the project, as `to`. */
  readonly from: string;
  readonly to: string;
  readonly kind: "type" | "value";
}

/** What the files of the project import, as their syntax says it. */
export interface Imports {
  readonly files: readonly string[];
  /** Of files of the project. */
  readonly own: readonly Import[];
  /** Of packages: `to` is the package's name. */
  readonly packages: readonly Import[];
}

/** Reads every source file of the project. */
export function readImports(): Imports {
  const files = ts.sys
    .readDirectory(root, [".ts", ".mts", ".mjs", ".cjs"], ["**/node_modules", ".build", "coverage"])
    .map((file) => posix.relative(root, file))
    .sort();
  const known = new Set(files);
  const all = files.flatMap((file) => importsOf(file));
  const own = all.flatMap(({ from, to, kind }) => {
    if (!to.startsWith(".")) return [];
    const place = posix.join(posix.dirname(from), to);
    const target = [place, place.replace(/\.js$/, ".ts"), place.replace(/\.mjs$/, ".mts")].find(
      (file) => known.has(file),
    );
    return target === undefined ? [] : [{ from, to: target, kind }];
  });
  const packages = all.flatMap(({ to, ...rest }) =>
    /^(?:\.|node:|\/)/.test(to) ? [] : [{ ...rest, to: packageOf(to) }],
  );
  return { files, own, packages };
}

/** The name of the package that a module is in: `@pulumi/pulumi/proto/x` is in `@pulumi/pulumi`. */
const packageOf = (module: string): string =>
  module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");

function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), "utf8");
  const script = extname(from) === ".ts" ? ts.ScriptKind.TS : ts.ScriptKind.Unknown;
  const source = ts.createSourceFile(from, text, ts.ScriptTarget.Latest, true, script);
  const found: Import[] = [];
  const add = (to: ts.Node | undefined, isType: boolean) => {
    if (to !== undefined && ts.isStringLiteralLike(to))
      found.push({ from, to: to.text, kind: isType ? "type" : "value" });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoading(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `import(…)`, `require(…)` and `require.resolve(…)`, also of a `require` by another name. */
function isLoading(called: ts.Expression): boolean {
  if (called.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(called)) return called.text === "require";
  return /^(?:require|resolve)\.resolve$/.test(called.getText());
}

/** The files that import each other in circles, by circle. Source: Tarjan's strongly connected components. */
export function circlesOf(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    const index = order.size;
    order.set(file, index);
    lowest.set(file, index);
    open.push(file);
    for (const target of targets.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (open.includes(target))
        lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(target) ?? 0));
    }
    if (lowest.get(file) !== index) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return circles;
}

/** The folders of the files, each once. */
export const foldersOf = (files: readonly string[]): string[] => [
  ...new Set(files.map((file) => dirname(file))),
];
