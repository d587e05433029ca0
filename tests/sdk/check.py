#!/usr/bin/env python3
"""Compares the calls and the examples in rules/vendors with the published SDKs.

    tests/sdk/check.py segment stripe          of these vendors
    tests/sdk/check.py --all                   of every vendor
    tests/sdk/check.py segment --record        also notes the versions in rules/verified.toml

Calls of JavaScript are compared with the types of the packages, calls of Python with what pyright says of a program that
makes them; the examples are type-checked, or what they import is looked up. Each is compared with the newest version and
with the versions that `sources` names: a line is wrong where none of them has it.

It needs the network, node with npm, and python with pip, and is no part of the quick tests. Silent examples are left out:
they look like calls of an SDK, and are none. It ends with 1 where something does not agree.
"""

import argparse
import ast
import importlib.util
import json
import pathlib
import re
import sys
import tempfile
import tomllib

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import python_calls
from install import compared, folded, npm, pip, run

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
IMPORT = re.compile(r"""(?:from\s+|import\s+|import\(|require\()\s*['"]([^'"]+)['"]""")
# An example is a piece of a program: what is around it is not there.
FRAGMENT = {"TS2304", "TS2552", "TS7006", "TS7031", "TS18004", "TS2503", "TS7005", "TS7034"}
TSCONFIG = {
    "compilerOptions": {
        "noEmit": True, "strict": False, "skipLibCheck": True, "jsx": "react-jsx", "module": "esnext",
        "moduleResolution": "bundler", "target": "es2022", "lib": ["es2023", "dom", "dom.iterable"],
        "esModuleInterop": True, "experimentalDecorators": True, "allowJs": False, "types": ["node"],
    },
    "include": ["*.tsx"],
}
ABSENT = re.compile("attribute of module|could not be resolved|No module named|not in this package")
# What runs in the environment with the packages: every name that each example imports, and every attribute of one.
LOOK_UP = """
import importlib, json, sys

def look_up(names):
    unknown = None
    for module, path in names:
        try:
            thing = importlib.import_module(module)
        except ImportError as error:
            return {"wrong": f"{module}: {error}"}
        except Exception as error:
            # It is there, and does not run with this Python.
            unknown = unknown or f"{module}: {type(error).__name__}: {error}"
            continue
        for name in path:
            if not hasattr(thing, name):
                try:
                    importlib.import_module(f"{module}.{name}")
                except Exception:
                    return {"wrong": f"{module} has no {'.'.join(path)}"}
            thing = getattr(thing, name, thing)
    return {"unknown": unknown} if unknown else {}

print(json.dumps([look_up(names) for names in json.load(sys.stdin)]))
"""


class Outcome:
    """What was found of one vendor: each call or example with what the passes said of it."""

    def __init__(self):
        self.said, self.versions, self.problems = {}, {}, []

    def add(self, name, about):
        self.said.setdefault(name, []).append(about)

    def add_lines(self, start, report):
        """What one pass said; of several lines for the same call, each has a number."""
        seen = {}
        for about in report:
            seen[about["line"]] = number = seen.get(about["line"], 0) + 1
            name = f"{start} {about['line']}" + (f" ({number})" if number > 1 else "")
            self.add(name, {key: about[key] for key in ("wrong", "unknown") if key in about})

    def lines(self, kind):
        """What no pass agrees with, and where no pass can say anything."""
        for name, answers in self.said.items():
            if all(about for about in answers):
                # Another package of the vendor does not have the module at all.
                answers = [about for about in answers if not ABSENT.search(str(about))] or answers
                wrong = [about["wrong"] for about in answers if "wrong" in about]
                if wrong and kind == "wrong":
                    yield f"{name}: {wrong[0]}"
                if not wrong and kind == "unknown":
                    yield f"{name}: {answers[0]['unknown']}"


def javascript(vendor, folder, outcome):
    section = vendor["languages"].get("js")
    examples = [example for example in vendor["examples"] if example["lang"] == "js"]
    if not section and not examples:
        return
    origins = [origin for client in (section or {}).get("clients", []) for origin in client["from"]]
    origins += [thing["from"] for thing in (section or {}).get("objects", [])]
    modules = [origin["package"] for origin in origins if "package" in origin]
    modules += [module for example in examples for module in IMPORT.findall(example["code"])]
    packages = sorted({package_of(module) for module in modules} - {None})
    older = {name: found for name, found in compared(vendor, "npm").items() if name in packages}
    number = 0
    while number == 0 or any(len(found) >= number for found in older.values()):
        wanted = packages if number == 0 else [f"{name}@{found[number - 1]}" for name, found in older.items() if len(found) >= number]
        place = folder / f"js{number}"
        versions, problems = npm(place, wanted)
        if number == 0:
            older = {name: [one for one in found if one != versions.get(name)] for name, found in older.items()}
            outcome.problems += problems
            outcome.versions |= {("npm", name): version for name, version in versions.items()}
        done = run(HERE, "node", "javascript_calls.mjs", str(place), stdin=json.dumps({"vendors": [vendor]}))
        if done.returncode:
            sys.exit(done.stderr)
        report = json.loads(done.stdout)
        outcome.add_lines(f"{vendor['id']} js", report)
        if any("has no" in about.get("wrong", "") for about in report):
            # Some types leave out what the package has.
            done = run(HERE, "node", "javascript_calls.mjs", str(place), "--javascript", stdin=json.dumps({"vendors": [vendor]}))
            outcome.add_lines(f"{vendor['id']} js", json.loads(done.stdout) if done.returncode == 0 else [])
        wrong = type_check(place, examples)
        for example in examples:
            complaint = wrong.get(example["name"])
            outcome.add(f"{vendor['id']} example {example['name']}", {"wrong": complaint} if complaint else {})
        number += 1


def type_check(folder, examples):
    """The first complaint about each example."""
    for example in examples:
        # A file without an import is a script whose names are everybody's.
        (folder / f"{example['name']}.tsx").write_text(example["code"] + "\nexport {}\n")
    (folder / "tsconfig.json").write_text(json.dumps(TSCONFIG))
    wrong = {}
    for line in run(folder, "npx", "tsc", "-p", ".", "--pretty", "false").stdout.splitlines():
        found = re.match(r"(\S+)\.tsx\(\d+,\d+\): error (TS\d+)", line)
        # What a script tag defines, and a file of the program, have no package that declares them.
        outside = "does not exist on type 'Window" in line or re.search(r"Cannot find module '(\.|@/|~)", line)
        if found and found[2] not in FRAGMENT and not outside:
            wrong.setdefault(found[1], line)
    return wrong


def package_of(specifier):
    """The package of `@scope/name/path`; none for a file of the program."""
    if specifier.startswith((".", "/", "node:", "~", "@/")):
        return None
    parts = specifier.split("/")
    return "/".join(parts[:2] if specifier.startswith("@") else parts[:1])


def python(vendor, folder, outcome):
    section = vendor["languages"].get("python")
    if not section:
        return
    older = {folded(name): found for name, found in compared(vendor, "pypi").items()}
    npm(folder / "pyright", [])
    places = []
    for package in section["packages"]:
        for version in [None, *older.get(folded(package), [])]:
            if any(versions == {folded(package): version} for _, versions in places):
                continue
            place = folder / f"py-{package}-{version}"
            installed, problems = pip(place, f"{package}=={version}" if version else package)
            if version is None:
                outcome.problems += problems
                outcome.versions |= {("pypi", package): installed} if installed else {}
            if installed:
                places.append((place, {folded(package): installed}))
    for place, versions in places:
        outcome.add_lines(f"{vendor['id']} python", python_calls.check(vendor, section, folder / "pyright", place, versions))
    examples = [example for example in vendor["examples"] if example["lang"] == "python"]
    for place, _ in places:
        # An example may use several of the packages.
        around = [place, *(other for other, _ in places if other.name.endswith("-None"))]
        for example, said in zip(examples, look_up(around, [example["code"] for example in examples])):
            outcome.add(f"{vendor['id']} example {example['name']}", said)


def look_up(places, programs):
    """What of the names that each program imports is not in the packages."""
    names = [list(names_of(ast.parse(code))) for code in programs]
    done = run(None, "env", f"PYTHONPATH={':'.join(map(str, places))}", sys.executable, "-c", LOOK_UP, stdin=json.dumps(names))
    if done.returncode:
        return [{"wrong": done.stderr[-200:]} for _ in programs]
    return json.loads(done.stdout.splitlines()[-1])


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


def vendors(program, wanted):
    """The wanted vendors as the program describes them, with the examples of their files."""
    command = [program] if program else ["cargo", "run", "--quiet", "--locked", "--"]
    done = run(ROOT, *command, "vendors", "--format", "json")
    if done.returncode:
        sys.exit(done.stderr)
    for vendor in json.loads(done.stdout)["vendors"]:
        if wanted and vendor["id"] not in wanted:
            continue
        listed = tomllib.loads((ROOT / "rules" / "vendors" / f"{vendor['id']}.toml").read_text()).get("example", [])
        vendor["examples"] = [
            {**example, "name": f"{vendor['id']}-{number}"}
            for number, example in enumerate(listed, 1) if not example.get("silent")
        ]
        yield vendor


def record(versions):
    """Notes the versions in rules/verified.toml."""
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "docs" / "verified" / "refresh.py")
    refresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(refresh)
    entries = refresh.read()
    for key, version in versions.items():
        entries.setdefault(key, {})["checked"] = version
    refresh.write(entries)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vendors", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--unknown", action="store_true", help="also list the calls about which the packages say nothing")
    parser.add_argument("--program", help="an undisclosed that was built before; else cargo runs it")
    arguments = parser.parse_args()
    if not arguments.vendors and not arguments.all:
        parser.error("name vendors, or say --all")
    disagreements = 0
    for vendor in vendors(arguments.program, set(arguments.vendors)):
        outcome = Outcome()
        with tempfile.TemporaryDirectory() as folder:
            javascript(vendor, pathlib.Path(folder), outcome)
            python(vendor, pathlib.Path(folder), outcome)
        wrong, unknown = list(outcome.lines("wrong")), list(outcome.lines("unknown"))
        print("\n".join([*outcome.problems, *wrong, *(f"? {line}" for line in unknown if arguments.unknown)]))
        packages = ", ".join(f"{name} {version}" for (_, name), version in sorted(outcome.versions.items()))
        agree = len(outcome.said) - len(wrong) - len(unknown)
        print(f"{vendor['id']}: {agree} agree, {len(wrong)} disagree, {len(unknown)} unknown ({packages})", flush=True)
        disagreements += len(wrong)
        if arguments.record and not wrong:
            record(outcome.versions)
    sys.exit(1 if disagreements else 0)


if __name__ == "__main__":
    main()
