// The mistakes this project has decided never to make, one rule each, so that each can be named in
// a report and, with a reason, on one line. Which folder obeys which is in eslint.config.mjs;
// test/lint/guards.spec.ts plants every one of them.
import path from "node:path";
import ts from "typescript";

/** A rule that needs no options: `create` gets the context and a `report(node, message)`. */
const rule = (create) => ({
  meta: { type: "problem", schema: [] },
  create: (context) => create(context, (node, message) => context.report({ node, message })),
});

/** Whatever one of the selectors matches is refused with the same message. */
const forbid = (message, ...selectors) =>
  rule((_context, report) =>
    Object.fromEntries(selectors.map((selector) => [selector, (node) => report(node, message)])),
  );

const members = (type) => (type.isUnion() ? type.types : [type]);
const has = (type, flags) => members(type).some((member) => (member.flags & flags) !== 0);

const isOutput = (type) =>
  type.isIntersection() ? type.types.some(isOutput) : type.symbol?.name === "OutputInstance";

const isResource = (type) =>
  Boolean(type.getProperty("urn") && type.getProperty("getProvider")) && !isOutput(type);

const isComponent = (type) => isResource(type) && Boolean(type.getProperty("registerOutputs"));

/** True of a type that is, or holds somewhere inside, an Output. */
function holdsOutput(checker, type, seen = new Set()) {
  if (seen.has(type) || seen.size > 2000) return false;
  seen.add(type);
  const inside = (part) => part !== undefined && holdsOutput(checker, part, seen);
  if (type.isUnion()) return type.types.some(inside);
  if (isOutput(type)) return true;
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    return checker.getTypeArguments(type).some(inside);
  }
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
  if (type.getCallSignatures().length > 0) return false;
  return (
    inside(type.getStringIndexType()) ||
    type.getProperties().some((property) => inside(checker.getTypeOfSymbol(property)))
  );
}

/** The type of an expression as the compiler sees it. */
const typeAt = (context, node) => context.sourceCode.parserServices.getTypeAtLocation(node);

const noResourceInApply = rule((context, report) => ({
  "CallExpression[callee.property.name='apply'] > :function :matches(NewExpression, CallExpression)"(
    node,
  ) {
    if (!isResource(typeAt(context, node))) return;
    report(
      node,
      "A resource made inside apply is missing from the preview while the value is unknown: make it outside and pass the Output as its input.",
    );
  },
}));

const noOutputAsValue = rule((context, report) => {
  const checker = context.sourceCode.parserServices.program.getTypeChecker();
  const condition = (node) => {
    if (node?.type === "LogicalExpression") return condition(node.right);
    const type = node && typeAt(context, node);
    // `Input | undefined` in a condition asks whether an argument was given, which is fair;
    // of a boolean one it asks for the value.
    if (!type || !members(type).some(isOutput)) return;
    if (
      has(type, ts.TypeFlags.Undefined | ts.TypeFlags.Null) &&
      !has(type, ts.TypeFlags.BooleanLike)
    )
      return;
    report(
      node,
      "An Output is always true, whatever its value will be: decide inside apply, or take a plain argument.",
    );
  };
  return {
    "CallExpression[callee.property.name='get'][arguments.length=0]"(node) {
      if (!members(typeAt(context, node.callee.object)).some(isOutput)) return;
      report(node, "Output.get() throws during preview and update: use apply.");
    },
    "CallExpression[callee.object.name='JSON'][callee.property.name='stringify']"(node) {
      if (!node.arguments[0]) return;
      if (!holdsOutput(checker, typeAt(context, node.arguments[0]))) return;
      report(node, "JSON.stringify prints a help text for an Output: use pulumi.jsonStringify.");
    },
    "IfStatement, ConditionalExpression, WhileStatement": (node) => condition(node.test),
    "UnaryExpression[operator='!']": (node) => condition(node.argument),
    "LogicalExpression[operator=/^(&&|[|]{2})$/]": (node) => condition(node.left),
  };
});

const parent = rule((context, report) => ({
  NewExpression(node) {
    if (!isResource(typeAt(context, node))) return;
    const ofAws = node.callee.object?.object?.name === "aws";
    const options = ofAws ? node.arguments[2] : node.arguments.slice(1).at(-1);
    const named = options && typeAt(context, options).getProperty("parent");
    if (named && !(named.flags & ts.SymbolFlags.Optional)) return;
    report(
      node,
      "A child without a parent lands at the stack's root and loses its provider, aliases and protection: end its arguments with { parent: this }.",
    );
  },
}));

/** The names that count positions in the loops around a node: `(item, i) =>`, `for (let i = …`. */
function indexesAround(node) {
  const names = new Set();
  for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent) {
    const method = outer.type === "CallExpression" && outer.callee.property?.name;
    if (/^(map|flatMap|forEach)$/.test(method) && inner.params?.[1])
      names.add(inner.params[1].name);
    if (outer.type !== "ForStatement") continue;
    for (const declared of outer.init?.declarations ?? []) names.add(declared.id.name);
  }
  return names;
}

const childName = rule((context, report) => ({
  NewExpression(node) {
    const [name] = node.arguments;
    if (!name || !isResource(typeAt(context, node))) return;
    const template = name.type === "TemplateLiteral";
    const starts = template && name.quasis[0].value.raw === "" && name.expressions.length > 0;
    if (name.type === "Literal" || name.type === "BinaryExpression" || (template && !starts)) {
      return report(
        name,
        "Two instances of the component would collide on this name: begin it with the component's own, `${name}-<role of the child>`.",
      );
    }
    const indexes = indexesAround(node);
    if (!template || !name.expressions.some((part) => indexes.has(part.name))) return;
    report(
      name,
      "A name from a position replaces resources when the list is reordered: key it by something stable in the item.",
    );
  },
}));

const registerOutputs = rule((context, report) => ({
  ClassDeclaration(node) {
    if (node.abstract || !node.superClass || !isComponent(typeAt(context, node))) return;
    const made = node.body.body.find((member) => member.kind === "constructor");
    if (!made && node.superClass.property?.name !== "ComponentResource") return;
    const calls = (made?.value.body.body ?? []).map((statement) => {
      const callee = statement.expression?.callee;
      const ours = callee?.object?.type === "ThisExpression";
      return ours && callee.property.name === "registerOutputs" ? statement.expression : undefined;
    });
    if (!calls.some(Boolean)) {
      report(
        node.id ?? node,
        "A component that never calls this.registerOutputs is never complete and leaves its outputs out of the state: end the constructor with it.",
      );
    } else if (!calls.at(-1)) {
      report(
        calls.find(Boolean),
        "Children made after registerOutputs come after the component was declared complete: call it last.",
      );
    } else if (calls.at(-1).arguments.length === 0) {
      report(
        calls.at(-1),
        "registerOutputs gets the component's outputs: { roleArn: this.roleArn }.",
      );
    }
  },
}));

/** Every module that a file names: imports, re-exports, `import()`, `require`, `import =` and types of the form `import("…")`. */
const eachSource = (visit) => ({
  "ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration, ImportExpression": (node) =>
    visit(node.source),
  TSImportType: (node) => visit(node.source ?? node.argument?.literal),
  "CallExpression[callee.name='require']": (node) => visit(node.arguments[0]),
  TSExternalModuleReference: (node) => visit(node.expression),
});

/** `forbidden`: folders and files (paths from the project's root, without extension) that may not be imported from here. */
const oneWay = {
  meta: { type: "problem", schema: [{ type: "array", items: { type: "string" } }] },
  create(context) {
    const [forbidden] = context.options;
    return eachSource((source) => {
      if (typeof source?.value !== "string" || !source.value.startsWith(".")) return;
      const target = path.resolve(path.dirname(context.filename), source.value);
      const place = path.relative(context.cwd, target).split(path.sep).join("/");
      const module = place.replace(/\.[cm]?[jt]s$/, "");
      // One that ends in a slash is what the folder holds, without the file of the same name that is its door.
      const inside = (one) => (one.endsWith("/") ? one : `${one}/`);
      const found = forbidden.find((one) => module === one || module.startsWith(inside(one)));
      if (found === undefined) return;
      const message = `Dependencies point one way (docs/architecture.md, "The shape"): nothing here may import from ${found}. Move what both need down, or pass it in.`;
      context.report({ node: source, message });
    });
  },
};

/** Modules of the project are named with their extension, as Node's own loader wants them. */
const moduleExtension = rule((context, report) =>
  eachSource((source) => {
    if (typeof source?.value !== "string" || !source.value.startsWith(".")) return;
    if (/\.(?:[cm]?js|json)$/.test(source.value)) return;
    report(source, `Name the module with its extension: "${source.value}.js".`);
  }),
);

const noBulkDisable = rule((context) => ({
  Program() {
    for (const comment of context.sourceCode.getAllComments()) {
      const directive = /^\s*eslint(?:-disable(-next-line|-line)?)?(?:\s+(.*))?$/s.exec(
        comment.value,
      );
      if (!directive) continue;
      const [, oneLine, rest = ""] = directive;
      if (comment.type === "Line" && !oneLine) continue;
      const [rules, reason] = rest.split(/\s-{2,}\s/);
      if (oneLine && rules.trim() !== "" && reason) continue;
      const message =
        "A rule is never disabled in bulk: eslint-disable-next-line, the rule's name, then -- and the reason.";
      // Column -1 puts the report before the comment, where the comment cannot silence it.
      const loc = { start: { line: comment.loc.start.line, column: -1 }, end: comment.loc.end };
      context.report({ loc, message });
    }
  },
}));

const ambient =
  "Config, environment, files and the clock are read once, in stacks/config.ts: take the value as an argument, so that the component is the same on every machine.";
const virtual =
  "Rehearsals run in virtual time and give the same timeline byte for byte: take time from the clock and chance from the scenario's seed.";
const clocks = [
  "CallExpression[callee.object.name='Date'][callee.property.name='now']",
  "NewExpression[callee.name='Date'][arguments.length=0]",
  "CallExpression[callee.name='Date']",
  "CallExpression[callee.object.name='performance'][callee.property.name='now']",
  "CallExpression[callee.property.name='hrtime']",
  "CallExpression[callee.object.property.name='hrtime']",
];
const chance = [
  "CallExpression[callee.object.name='Math'][callee.property.name='random']",
  "CallExpression[callee.name=/^(randomUUID|randomBytes|randomInt)$/]",
  "CallExpression[callee.property.name=/^(randomUUID|randomBytes|randomInt|getRandomValues)$/]",
];

export const guards = {
  rules: {
    "no-resource-in-apply": noResourceInApply,
    "no-output-as-value": noOutputAsValue,
    parent,
    "child-name": childName,
    "register-outputs": registerOutputs,
    "one-way": oneWay,
    "module-extension": moduleExtension,
    "type-import": forbid(
      "Types have an import of their own: import type { … }.",
      "ImportSpecifier[importKind='type']",
      "ExportSpecifier[exportKind='type']",
    ),
    "no-bulk-disable": noBulkDisable,
    "no-dry-run": forbid(
      "A program that asks for isDryRun previews another program than it deploys: declare the same in both.",
      "MemberExpression[property.name='isDryRun']",
      "ImportSpecifier[imported.name='isDryRun']",
    ),
    "config-in-one-place": forbid(
      "Config is parsed once, in stacks/config.ts, where every error is reported together: take the typed value from there.",
      "NewExpression[callee.property.name='Config'][callee.object.name='pulumi']",
    ),
    "provider-in-one-place": forbid(
      "Only stacks/account.ts makes providers, bound by allowedAccountIds and region: take the provider from the account.",
      "NewExpression[callee.property.name='Provider']",
    ),
    "namespace-import": forbid(
      "Import the namespace (import * as aws, import * as pulumi): the guards recognise resources by it.",
      "ImportDeclaration[source.value=/^@pulumi[/](aws|pulumi)$/] > :not(ImportNamespaceSpecifier, Literal, ImportAttribute)",
      "ImportDeclaration[source.value=/^@pulumi[/]aws[/]/]",
    ),
    "invoke-parent": forbid(
      "An invoke without options asks the default provider, which is off: pass { parent: this } or { provider }.",
      "CallExpression[callee.object.name='aws'][callee.property.name=/^get[A-Z]/][arguments.length<2]",
      "CallExpression[callee.object.object.name='aws'][callee.property.name=/^get[A-Z]/][arguments.length<2]",
    ),
    "no-args-to-super": forbid(
      "The third argument of super is written to the state, secrets included as they are: pass a chosen subset.",
      "CallExpression[callee.type='Super'][arguments.2.type='Identifier']",
    ),
    "no-ambient-input": forbid(
      ambient,
      "MemberExpression[object.name='process'][property.name=/^(env|argv|cwd|platform|arch)$/]",
      "ImportDeclaration[source.value=/^(node:)?(fs|fs[/]promises|os|process|child_process)$/]",
      "ImportExpression[source.value=/^(node:)?(fs|fs[/]promises|os|process|child_process)$/]",
      ...clocks,
      ...chance,
    ),
    "virtual-time": forbid(virtual, ...clocks, ...chance),
    "no-assert-in-apply": forbid(
      "Nothing waits for an assertion inside apply, so it cannot fail: await world.settled() and assert on what it recorded.",
      "CallExpression[callee.property.name='apply'] > :function CallExpression[callee.name='expect']",
    ),
    "no-only": forbid(
      "only() silently leaves out every other test: remove it before the commit.",
      "CallExpression[callee.object.name=/^(describe|context|it|specify)$/][callee.property.name='only']",
    ),
  },
};
