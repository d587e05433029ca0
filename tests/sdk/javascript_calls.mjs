// Compares calls of the catalogue with the types of installed packages: `node javascript_calls.mjs FOLDER < vendors.json`.
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
host.fileExists = (file) => texts.has(file) || fileExists(file);
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

/** A value's parts, without null, and what its promise holds. */
function parts(type) {
  const awaited = checker.getAwaitedType(type) ?? type;
  const all = awaited === type ? [type] : [type, awaited];
  return all.flatMap((one) => (one.isUnion() ? one.types : [one])).map((one) => {
    const bound = one.flags & ts.TypeFlags.TypeParameter ? checker.getBaseConstraintOfType(one) ?? one : one;
    return bound;
  });
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
      return index ? [{ type: index.type }] : [];
    });
  });
}

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
    return properties.filter((one) => one.name.startsWith(start)).map((one) => ({ type: checker.getTypeOfSymbol(one) }));
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

function walk(found, steps) {
  for (const step of steps) {
    if ("member" in step) found = member(found, step.member);
    else if ("like" in step) found = like(found, step.like);
    else found = called(found);
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
    const fits = all.some((part) => part.flags & ts.TypeFlags.String || part.flags & ts.TypeFlags.TemplateLiteral
      || (part.isStringLiteral?.() && new RegExp(`^${pattern.path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(part.value)));
    return fits ? null : `takes no text ${JSON.stringify(pattern.path)}`;
  }
  if (pattern.role === "payload" || pattern.role === "record") {
    const records = all.filter((part) => part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
    if (!records.length) return "takes no record";
    for (const { name, role, ...entry } of pattern.entries ?? []) {
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
    const wrong = types.length ? mismatch({ role: "record", entries }, types[0]) : "takes nothing";
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

/** Whether what is read is the package's JavaScript: it shows what is there, but not that something is missing. */
function untyped(name) {
  const source = program.getSourceFile(path.join(folder, names.get(name)));
  const symbol = checker.getSymbolAtLocation(source.statements[0].moduleSpecifier);
  return /\.[cm]?jsx?$/.test(symbol?.declarations?.[0]?.getSourceFile().fileName ?? "");
}

const report = [];
/** Notes what was found of a line, of a client or object that comes from `packages`. */
function note(vendor, line, packages, about = {}) {
  const loose = about.wrong && packages.some(untyped);
  report.push({ vendor, line, ...(loose ? { unknown: `${about.wrong} in its JavaScript, and it has no types` } : about) });
}

function line(vendor, label, starts, packages, call) {
  const name = `${label} ${written(call.steps)}`;
  const say = (about) => note(vendor, name, packages, about);
  if (!holds(call.versions)) return say({ unknown: `is for ${call.versions}` });
  const ends = starts.map((found) => walk(found, call.steps));
  const found = ends.flatMap((end) => end.found ?? []);
  if (!found.length) return say({ wrong: `has no \`${ends[0].missing}\`` });
  const known = found.filter(({ type }) => !type || !parts(type).some(isAny));
  if (!known.length) return say({ unknown: "its type is `any`" });
  if (!call.call) return say({});
  const all = signatures(known);
  if (!all.length) return say(known.some((one) => one.type) ? { wrong: "is no function" } : { unknown: "only a type" });
  const wrong = all.map((one) => disagreement(call.call, one));
  return say(wrong.some((one) => !one) ? {} : { wrong: wrong.at(-1) });
}

const roots = new Map([...modules].map((name) => [name, root(name)]));
for (const section of sections()) {
  const starts = (label, froms) => froms.flatMap((from) => {
    if (!from.package) return [];
    const start = roots.get(from.package);
    const name = `${label} = ${from.package}:${written(from.steps)}`;
    if (!start) {
      note(section.vendor, name, [], { unknown: "no types for the package" });
      return [];
    }
    const { found, missing } = walk(start, from.steps);
    note(section.vendor, name, [from.package], missing && { wrong: `has no \`${missing}\`` });
    return found ? [found] : [];
  });
  for (const client of section.clients) {
    const from = starts(client.name, client.from);
    const packages = client.from.flatMap((one) => (one.package && roots.get(one.package) ? [one.package] : []));
    for (const call of from.length ? client.calls : []) line(section.vendor, client.name, from, packages, call);
  }
  for (const object of section.objects) {
    const label = `${object.from.package ?? object.from.global}:${written(object.from.steps)}`;
    const made = object.from.steps.at(-1)?.call ? object.from.steps.slice(0, -1) : object.from.steps;
    const start = object.from.package && roots.get(object.from.package);
    if (!start) continue;
    const maker = walk(start, made);
    const instance = walk(start, object.from.steps);
    if (!instance.found) {
      note(section.vendor, label, [object.from.package], { wrong: `has no \`${instance.missing}\`` });
      continue;
    }
    for (const call of object.calls) {
      if (call.literal) continue;
      line(section.vendor, label, [call.steps.length ? instance.found : maker.found ?? []], [object.from.package], call);
    }
  }
}
console.log(JSON.stringify(report));
