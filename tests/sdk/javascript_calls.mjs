// Compares calls of the catalogue with the types of installed packages: `node javascript_calls.mjs FOLDER < vendors.json`.
// With `--javascript` at the end, the packages' own types are left out, and what their JavaScript does counts.
//
// FOLDER has node_modules with the packages and `typescript`. Standard input is what `undisclosed vendors --format json`
// writes, of the vendors that are wanted. Standard output is a JSON list with an entry for each line of the catalogue:
// { vendor, line } where it agrees with the types, with `wrong` where it does not, with `unknown` where they say nothing.

import { createRequire } from "node:module";
import { readFileSync, existsSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(process.argv[2]);
const require = createRequire(path.join(folder, "package.json"));
const ts = require("typescript");
const semver = require("semver");
const { vendors } = JSON.parse(readFileSync(0, "utf8"));

const modules = new Set();
for (const section of sections()) {
  for (const from of [...section.clients.flatMap((client) => client.from), ...section.objects.map((object) => object.from)]) {
    if (from.package) modules.add(from.package);
  }
}
const names = new Map([...modules].map((name, index) => [name, `probe${index}.ts`]));
const texts = new Map([...names].map(([name, file]) => [
  path.join(folder, file),
  `import * as all from ${JSON.stringify(name)};\nexport { all };\n`,
]));
const options = {
  noEmit: true, strict: true, skipLibCheck: true, jsx: ts.JsxEmit.ReactJSX, module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler, target: ts.ScriptTarget.ES2022, esModuleInterop: true,
  allowJs: true, maxNodeModuleJsDepth: 3, types: ["node"], lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
};
const host = ts.createCompilerHost(options);
const { fileExists, readFile, getSourceFile } = host;
const packages = [...modules].map((name) => `/node_modules/${name.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/")}/`);
const left = (file) => process.argv[3] === "--javascript" && /\.d\.[cm]?ts$/.test(file) && packages.some((name) => file.includes(name));
host.fileExists = (file) => texts.has(file) || (!left(file) && fileExists(file));
host.readFile = (file) => texts.get(file) ?? readFile(file);
host.getSourceFile = (file, version, ...rest) => texts.has(file)
  ? ts.createSourceFile(file, texts.get(file), version, true)
  : getSourceFile(file, version, ...rest);
host.getCurrentDirectory = () => folder;
const program = ts.createProgram([...texts.keys()], options, host);
const checker = program.getTypeChecker();

function* sections() {
  for (const vendor of vendors) if (vendor.languages.js) yield { vendor: vendor.id, ...vendor.languages.js };
}

/** What `package` stands for: its namespace and its default export, each a value or a declared type. */
function root(name) {
  const source = program.getSourceFile(path.join(folder, names.get(name)));
  const clause = source.statements[0].importClause.namedBindings;
  let symbol = checker.getSymbolAtLocation(source.statements[0].moduleSpecifier);
  if (!symbol) return null;
  const space = checker.getTypeOfSymbolAtLocation(checker.getSymbolAtLocation(clause.name), clause.name);
  const exported = new Map(checker.getExportsOfModule(symbol).map((one) => [one.name, one]));
  const found = [{ type: space, exported }];
  for (const key of ["default", "export="]) {
    const one = exported.get(key) ?? symbol.exports?.get(key);
    if (one) found.push(...ofSymbol(one));
  }
  return found;
}

/** Whether a package declares its types itself, and nobody else does and they are not guessed from its JavaScript. */
function declares(name) {
  const source = program.getSourceFile(path.join(folder, names.get(name)));
  const symbol = checker.getSymbolAtLocation(source.statements[0].moduleSpecifier);
  const files = (symbol?.declarations ?? []).map((one) => one.getSourceFile());
  return files.some((file) => file.isDeclarationFile && !file.fileName.includes("/node_modules/@types/"));
}

/** The value and the declared type of a symbol. */
function ofSymbol(symbol) {
  const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const found = [];
  if (real.flags & ts.SymbolFlags.Value) {
    found.push({ type: checker.getTypeOfSymbol(real), exported: new Map(checker.getExportsOfModule(real).map((one) => [one.name, one])) });
  }
  if (real.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
    found.push({ declared: checker.getDeclaredTypeOfSymbol(real) });
  }
  return found;
}

const isAny = (type) => Boolean(type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown));

// `{}`, and `Object`, which is as wide.
const isAnyValue = (type) => (Boolean(type.symbol?.flags & ts.SymbolFlags.ObjectLiteral)
  && !checker.getPropertiesOfType(type).length && !checker.getIndexInfosOfType(type).length)
  || (type.symbol?.name === "Object" && Boolean(type.flags & ts.TypeFlags.Object));

/** A value's parts, without null, and what its promise holds. */
function parts(type) {
  const awaited = checker.getAwaitedType(type) ?? type;
  const all = awaited === type ? [type] : [type, awaited];
  const members = (one) => (one.isUnion() ? one.types : [one]);
  // What a parameter of a type extends, or is where nobody says it.
  const least = (one) => checker.getBaseConstraintOfType(one) ?? checker.getDefaultFromTypeParameter(one) ?? one;
  const bound = (one) => (one.flags & ts.TypeFlags.TypeParameter ? least(one) : one);
  return all.flatMap(members).map(bound).flatMap(members);
}

function member(found, name) {
  return found.flatMap(({ type, exported }) => {
    if (!type) return [];
    const named = exported?.get(name);
    if (named) return ofSymbol(named);
    return parts(type).flatMap((part) => {
      if (isAny(part)) return [{ type: part }];
      const property = checker.getPropertyOfType(checker.getApparentType(part), name);
      if (property) return [{ type: checker.getTypeOfSymbol(property), exported: exportsOf(property) }];
      const index = checker.getIndexInfoOfType(part, ts.IndexKind.String);
      // Nobody knows what a type has that depends on another: an instance has what it was made with.
      return index ? [{ type: index.type }] : isOpen(part) || extendsUnknown(part) ? [{ type: checker.getAnyType() }] : [];
    });
  });
}

/** Whether a class extends one of a package that is not installed. */
function extendsUnknown(type) {
  const clauses = (type.symbol?.declarations ?? []).flatMap((one) => one.heritageClauses ?? []);
  const bases = clauses.filter((one) => one.token === ts.SyntaxKind.ExtendsKeyword).flatMap((one) => one.types);
  if (bases.some((base) => isAny(checker.getTypeAtLocation(base.expression)))) return true;
  return type.isClassOrInterface() && checker.getBaseTypes(type).some(extendsUnknown);
}

const isOpen = (type) => Boolean(type.flags & ts.TypeFlags.Conditional) || (type.isIntersection() && type.types.some(isOpen));

function exportsOf(symbol) {
  const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return real.flags & ts.SymbolFlags.Module
    ? new Map(checker.getExportsOfModule(real).map((one) => [one.name, one]))
    : undefined;
}

function like(found, start) {
  return found.flatMap(({ type }) => (type ? parts(type) : []).flatMap((part) => {
    if (isAny(part)) return [{ type: part }];
    const properties = checker.getPropertiesOfType(checker.getApparentType(part));
    const named = properties.filter((one) => one.name.startsWith(start)).map((one) => checker.getTypeOfSymbol(one));
    const indexed = checker.getIndexInfosOfType(part).map((one) => one.type);
    return [...named, ...indexed].map((one) => ({ type: one }));
  }));
}

function signatures(found) {
  return found.flatMap(({ type }) => (type ? parts(type) : []).flatMap((part) => [
    ...checker.getSignaturesOfType(part, ts.SignatureKind.Call),
    ...checker.getSignaturesOfType(part, ts.SignatureKind.Construct),
  ]));
}

function called(found) {
  const results = signatures(found).map((one) => ({ type: checker.getReturnTypeOfSignature(one) }));
  const declared = found.filter((one) => one.declared).map((one) => ({ type: one.declared }));
  const any = found.filter(({ type }) => type && parts(type).some(isAny));
  return [...results, ...declared, ...any];
}

/** What the functions give to a function that they are handed: `callback` of their result. */
function handed(found) {
  const given = signatures(found).flatMap((one) => one.parameters).map((one) => ({ type: checker.getTypeOfSymbol(one) }));
  return signatures(given).flatMap((one) => one.parameters.slice(0, 1)).map((one) => ({ type: checker.getTypeOfSymbol(one) }));
}

function walk(found, steps) {
  let before = [];
  for (const step of steps) {
    const start = found;
    if ("member" in step) found = member(start, step.member);
    else if ("like" in step) found = like(start, step.like);
    else found = called(start);
    if (step.member === "callback") found = [...found, ...handed(before)];
    before = start;
    if (!found.length) return { missing: text(step) };
  }
  return { found };
}

const text = (step) => ("member" in step ? `.${step.member}` : "like" in step ? `.${step.like}*` : "()");
const written = (steps) => steps.map(text).join("").replace(/^\./, "");

/** What does not agree between an argument's pattern and the type of its parameter; nothing where that says too little. */
function mismatch(pattern, type) {
  const all = parts(type);
  if (all.some((part) => isAny(part) || part.flags & (ts.TypeFlags.TypeParameter | ts.TypeFlags.Conditional | ts.TypeFlags.NonPrimitive))) return null;
  if (pattern.role === "one_of") {
    const wrong = pattern.parts.map((part) => mismatch(part, type));
    return wrong.some((one) => !one) ? null : wrong[0];
  }
  if (pattern.role === "list") {
    const elements = all.map((part) => checker.getIndexTypeOfType(part, ts.IndexKind.Number)).filter(Boolean);
    if (!elements.length) return "takes no list";
    const wrong = elements.map((element) => mismatch(pattern.parts[0], element));
    return wrong.some((one) => !one) ? null : wrong[0];
  }
  if (pattern.role === "text") {
    if (all.some(isAnyValue)) return null;
    const fits = all.some((part) => part.flags & ts.TypeFlags.String || part.flags & ts.TypeFlags.TemplateLiteral
      || (part.isStringLiteral?.() && new RegExp(`^${pattern.path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(part.value)));
    return fits ? null : `takes no text ${JSON.stringify(pattern.path)}`;
  }
  if (pattern.role === "payload" || pattern.role === "record") {
    const records = all.filter((part) => part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
    if (!records.length) return "takes no record";
    // `{}` is any value: what TypeScript infers for `options = {}`.
    if (records.some(isAnyValue)) return null;
    for (const { name, role, ...entry } of pattern.entries ?? []) {
      if (role === "absent") continue;
      const types = records.flatMap((part) => {
        const property = checker.getPropertyOfType(checker.getApparentType(part), name);
        const index = checker.getIndexInfoOfType(part, ts.IndexKind.String);
        return property ? [checker.getTypeOfSymbol(property)] : index ? [index.type] : [];
      });
      if (!types.length) return `has no \`${name}\``;
      const wrong = types.map((one) => mismatch({ role, ...entry }, one));
      if (wrong.every(Boolean)) return `\`${name}\` ${wrong[0]}`;
    }
  }
  return null;
}

/** What does not agree between a line's parameters and a signature. */
function disagreement(params, signature) {
  const declared = signature.parameters;
  const types = declared.map((one) => checker.getTypeOfSymbol(one));
  const last = declared.at(-1);
  const rest = last?.valueDeclaration?.dotDotDotToken ? types.at(-1) : null;
  const at = (index) => {
    if (index < types.length - (rest ? 1 : 0)) return types[index];
    if (!rest) return null;
    return checker.getIndexTypeOfType(rest, ts.IndexKind.Number) ?? rest;
  };
  const byName = params.parameters.filter((param) => param.by_name && param.name);
  if (byName.length) {
    const entries = byName.filter((param) => !param.name.endsWith("*"));
    // The attributes of a component that is a class are its `props`.
    const made = signature.declaration && ts.isConstructorDeclaration(signature.declaration);
    const props = made && checker.getPropertyOfType(checker.getReturnTypeOfSignature(signature), "props");
    const attributes = props ? checker.getTypeOfSymbol(props) : types[0];
    const wrong = attributes ? mismatch({ role: "record", entries }, attributes) : "takes nothing";
    if (wrong) return wrong;
  }
  const places = params.parameters.filter((param) => !param.by_name);
  for (const [index, param] of places.entries()) {
    const type = at(index);
    // What is ignored and may be left out may be a callback that older versions took.
    if (!type) return param.role === "ignore" && param.optional ? null : `takes ${types.length} arguments, not ${places.length}`;
    const wrong = mismatch(param, type);
    if (wrong) return `argument ${index + 1} ${wrong}`;
  }
  return null;
}

function holds(versions) {
  if (!versions) return true;
  const [name, ...range] = versions.split(" ");
  const about = path.join(folder, "node_modules", name, "package.json");
  return !existsSync(about) || semver.satisfies(JSON.parse(readFileSync(about, "utf8")).version, range.join(" "));
}

const GUESSED = "by its JavaScript, or types that others wrote";
const verdict = (typed, wrong) => (typed ? { wrong } : { unknown: `${GUESSED}: ${wrong}` });
const report = [];
function line(vendor, label, starts, call) {
  const name = `${label} ${written(call.steps)}`;
  const say = (about) => report.push({ vendor, line: name, ...about });
  const disagree = (wrong) => say(verdict(starts.some((start) => start.typed), wrong));
  if (!holds(call.versions)) return say({ unknown: `is for ${call.versions}` });
  const ends = starts.map((start) => walk(start.found, call.steps));
  const found = ends.flatMap((end) => end.found ?? []);
  if (!found.length) return disagree(`has no \`${ends[0].missing}\``);
  const known = found.filter(({ type }) => !type || !parts(type).some(isAny));
  if (!known.length) return say({ unknown: "its type is `any`" });
  if (!call.call) return say({});
  const all = signatures(known);
  if (!all.length) return known.some((one) => one.type) ? disagree("is no function") : say({ unknown: "only a type" });
  const wrong = all.map((one) => disagreement(call.call, one));
  return wrong.some((one) => !one) ? say({}) : disagree(wrong.at(-1));
}

const roots = new Map([...modules].map((name) => [name, { found: root(name), typed: declares(name) }]));
for (const section of sections()) {
  const starts = (label, froms) => froms.flatMap((from) => {
    if (!from.package) return [];
    const start = roots.get(from.package);
    const say = (about) => report.push({ vendor: section.vendor, line: `${label} = ${from.package}:${written(from.steps)}`, ...about });
    if (!start.found) {
      say({ unknown: "no types for the package" });
      return [];
    }
    const { found, missing } = walk(start.found, from.steps);
    say(missing ? verdict(start.typed, `has no \`${missing}\``) : {});
    return found ? [{ found, typed: start.typed }] : [];
  });
  for (const client of section.clients) {
    const from = starts(client.name, client.from);
    for (const call of from.length ? client.calls : []) line(section.vendor, client.name, from, call);
  }
  for (const object of section.objects) {
    const label = `${object.from.package ?? object.from.global}:${written(object.from.steps)}`;
    const made = object.from.steps.at(-1)?.call ? object.from.steps.slice(0, -1) : object.from.steps;
    const start = object.from.package && roots.get(object.from.package);
    if (!start?.found) continue;
    const { typed } = start;
    const maker = walk(start.found, made);
    const instance = walk(start.found, object.from.steps);
    const about = instance.found ? {} : verdict(typed, `has no \`${instance.missing}\``);
    report.push({ vendor: section.vendor, line: label, ...about });
    if (!instance.found) continue;
    for (const call of object.calls) {
      if (call.literal) continue;
      line(section.vendor, label, [{ found: call.steps.length ? instance.found : maker.found ?? [], typed }], call);
    }
  }
}
console.log(JSON.stringify(report));
