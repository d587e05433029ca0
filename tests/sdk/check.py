#!/usr/bin/env python3
"""Compares the examples in rules/vendors with the published SDKs: JavaScript examples are type-checked against the real
packages, of Python examples the imported modules, names and attributes are looked up.

    tests/sdk/check.py segment stripe          the examples of these vendors
    tests/sdk/check.py --all                   of every vendor
    tests/sdk/check.py segment --record        also notes the versions in rules/verified.toml

It needs the network, node with npm, and python with venv, and is no part of the quick tests. Silent examples are left
out: they look like calls of an SDK, and are none. It ends with 1 where an example does not agree with its SDK.
"""

import argparse
import ast
import importlib.util
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMPORT = re.compile(r"""(?:from\s+|import\s+|import\(|require\()\s*['"]([^'"]+)['"]""")
# An example is a piece of a program: what is around it is not there.
FRAGMENT = {"TS2304", "TS2552", "TS7006", "TS7031", "TS18004", "TS2503", "TS7005", "TS7034"}
TSCONFIG = {
    "compilerOptions": {
        "noEmit": True, "strict": False, "skipLibCheck": True, "jsx": "react-jsx", "module": "esnext",
        "moduleResolution": "bundler", "target": "es2022", "lib": ["es2023", "dom", "dom.iterable"],
        "esModuleInterop": True, "allowJs": False, "types": ["node"],
    },
    "include": ["*.tsx"],
}
# What runs in the environment with the packages: every name that an example imports, and every attribute of one.
LOOK_UP = """
import importlib, json, sys
wrong = []
for module, path in json.load(sys.stdin):
    try:
        thing = importlib.import_module(module)
    except Exception as error:
        wrong.append(f"{module}: {type(error).__name__}: {error}")
        continue
    for name in path:
        if not hasattr(thing, name):
            try:
                importlib.import_module(f"{module}.{name}")
            except Exception:
                wrong.append(f"{module} has no {'.'.join(path)}")
                break
        thing = getattr(thing, name, thing)
print(json.dumps(wrong))
"""


def examples(wanted):
    """The vendor, number, language and text of each example, with the packages of its section."""
    for path in sorted((ROOT / "rules" / "vendors").glob("*.toml")):
        vendor = tomllib.loads(path.read_text())
        if wanted and vendor["id"] not in wanted:
            continue
        for number, example in enumerate(vendor.get("example", []), 1):
            if not example.get("silent"):
                section = vendor.get(example["lang"], {})
                yield f"{vendor['id']}-{number}", example["lang"], example["code"], section.get("packages", [])


def run(folder, *command, stdin=None):
    return subprocess.run(command, cwd=folder, input=stdin, capture_output=True, text=True, check=False)


def package_of(specifier):
    """The package of `@scope/name/path`; none for a file of the program."""
    if specifier.startswith((".", "/", "node:", "~", "@/")):
        return None
    parts = specifier.split("/")
    return "/".join(parts[:2] if specifier.startswith("@") else parts[:1])


def javascript(all_examples):
    found = [(name, code) for name, lang, code, _ in all_examples if lang == "js"]
    packages = {package_of(module) for _, code in found for module in IMPORT.findall(code)} - {None}
    if not found:
        return [], {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        tools = ["typescript", "@types/node", "@types/react", "react"]
        (folder / "package.json").write_text(json.dumps({"name": "examples", "private": True}))
        done = run(folder, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps",
                   *tools, *sorted(packages))
        if done.returncode:
            sys.exit(f"npm: {done.stderr}")
        for name, code in found:
            # A file without an import is a script whose names are everybody's.
            (folder / f"{name}.tsx").write_text(code + "\nexport {}\n")
        (folder / "tsconfig.json").write_text(json.dumps(TSCONFIG))
        output = run(folder, "npx", "tsc", "-p", ".", "--pretty", "false").stdout
        lines = [line for line in output.splitlines() if re.match(r"\S+\.tsx\(", line)]
        wrong = [line for line in lines if re.search(r"error (TS\d+)", line).group(1) not in FRAGMENT]
        # What a script tag defines has no package that declares it.
        wrong = [line for line in wrong if "does not exist on type 'Window" not in line]
        wrong = [line for line in wrong if not re.search(r"Cannot find module '(\.|@/|~)", line)]
        versions = {}
        for package in packages:
            about = folder / "node_modules" / package / "package.json"
            if about.exists():
                versions["npm", package] = json.loads(about.read_text())["version"]
        return wrong, versions


def python(all_examples):
    found = [(name, code, packages) for name, lang, code, packages in all_examples if lang == "python"]
    if not found:
        return [], {}
    wrong, look_ups = [], {}
    for name, code, _ in found:
        try:
            look_ups[name] = list(names_of(ast.parse(code)))
        except SyntaxError as error:
            wrong.append(f"{name}: {error}")
    with tempfile.TemporaryDirectory() as folder:
        versions, places = {}, {}
        for package in sorted({package for _, _, packages in found for package in packages}):
            # Each on its own: two packages may bring a module of the same name.
            place = pathlib.Path(folder) / package
            done = run(folder, sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                       "--target", str(place), package)
            if done.returncode:
                wrong.append(f"pip install {package}: {done.stderr.strip().splitlines()[-1]}")
                continue
            places[package] = place
            about = json.loads(run(folder, sys.executable, "-m", "pip", "list", "--path", str(place), "--format", "json",
                                   "--disable-pip-version-check").stdout)
            names = {re.sub("[-_.]+", "-", one["name"]).lower(): one["version"] for one in about}
            versions["pypi", package] = names[re.sub("[-_.]+", "-", package).lower()]
        for name, _, packages in found:
            answers = []
            for package in (package for package in packages if package in places):
                done = run(folder, "env", f"PYTHONPATH={places[package]}", sys.executable, "-c", LOOK_UP,
                           stdin=json.dumps(look_ups.get(name, [])))
                answers.append(json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else [done.stderr[-200:]])
            # The example agrees where it does with one of the packages.
            wrong.extend(f"{name}: {line}" for line in min(answers, key=len, default=[]))
        return wrong, versions


def names_of(tree):
    """The imported modules with the names below them that the program uses."""
    bound = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                bound[name] = (alias.name if alias.asname else name, [])
                yield alias.name, []
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                bound[alias.asname or alias.name] = (node.module, [alias.name])
                yield node.module, [alias.name]
    for node in ast.walk(tree):
        path = []
        while isinstance(node, ast.Attribute):
            path.append(node.attr)
            node = node.value
        if path and isinstance(node, ast.Name) and node.id in bound:
            module, start = bound[node.id]
            yield module, [*start, *reversed(path)]


def record(versions):
    """Notes the versions in rules/verified.toml."""
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "docs" / "verified" / "refresh.py")
    refresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(refresh)
    entries = refresh.read()
    for key, version in versions.items():
        entries.setdefault(key, {})["examples"] = version
    refresh.write(entries)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vendors", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    if not arguments.vendors and not arguments.all:
        parser.error("name vendors, or say --all")
    chosen = list(examples(set(arguments.vendors)))
    wrong, versions = [], {}
    for check in (javascript, python):
        complaints, found = check(chosen)
        wrong += complaints
        versions |= found
    print("\n".join(wrong))
    for (registry, package), version in sorted(versions.items()):
        print(f"{registry} {package} {version}")
    count = sum(lang in ("js", "python") for _, lang, _, _ in chosen)
    print(f"{count} examples, {len(wrong)} disagreements with {len(versions)} packages")
    if arguments.record:
        record(versions)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
