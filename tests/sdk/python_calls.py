"""Compares calls of the catalogue with Python packages, by what pyright says of a program that makes them."""

import ast
import functools
import json
import re

from pip._vendor.packaging.specifiers import SpecifierSet

from install import folded, module_of, run

HEAD = """from typing import Any, TypeVar
T = TypeVar("T")
def instance(_: type[T]) -> T: ...
def probe(_: Any, args: Any, kwargs: Any):
"""
CALL = "(*args, **kwargs)"
# What pyright says of a call that names something the function does not take.
TELLS = ("No parameter named", "positional argument")
CLASS = re.compile(r'for class "(?:type\[)?(\w+)')


def check(vendor, section, folder, place, versions):
    """What does not agree between a vendor's section and the packages in `place`: a list of {line, wrong or unknown}.

    `folder` has pyright; `versions` are those of the packages.
    """
    lines, report = [], []
    for client in section["clients"]:
        starts = list(with_instances(written(place, origin) for origin in client["from"]))
        for call in client["calls"]:
            name = f"{client['name']} {label(call['steps'])}"
            lines.append((name, [make(start, call) for start in starts], call))
    for thing in section["objects"]:
        for call in thing["calls"]:
            if "literal" in call:
                continue
            # The line without steps is that of the constructor.
            origin = thing["from"] if call["steps"] else {**thing["from"], "steps": without_call(thing["from"]["steps"])}
            starts = list(with_instances([written(place, origin)]))
            name = f"{thing['from'].get('package')}:{label(thing['from']['steps'])} {label(call['steps'])}"
            lines.append((name, [make(start, call) for start in starts], call))
    program, rows = [HEAD], {}
    for index, (_, made, call) in enumerate(lines):
        for number, one in enumerate(made):
            if one and holds(call.get("versions"), versions):
                imports, expression, arguments = one
                block = f"    import {imports}\n    reveal_type({expression})\n"
                block += f"    {expression}({arguments})\n" if arguments is not None else f"    {expression}\n"
                row = sum(text.count("\n") for text in program) + 2
                rows[row], rows[row - 1], rows[row + 1] = (index, number), (index, number), (index, number)
                program.append(block)
    said = pyright(folder, place, "".join(program), rows)
    for index, (name, made, call) in enumerate(lines):
        entry = {"vendor": vendor["id"], "line": name}
        answers = [said.get((index, number), {}) for number, one in enumerate(made) if one]
        # That something is no class says nothing.
        answers = [answer for answer, one in zip(answers, filter(None, made)) if not (answer and one[1].startswith("instance("))]
        if not holds(call.get("versions"), versions):
            entry["unknown"] = f"is for {call['versions']}"
        elif not answers:
            entry["unknown"] = "it has any member" if made else "not in this package"
        elif not any("wrong" not in answer and "unknown" not in answer for answer in answers):
            entry |= next((answer for answer in answers if "unknown" in answer), answers[0])
        report.append(entry)
    return report


def pyright(folder, place, program, rows):
    """What is said of each probe: {} where it agrees."""
    (folder / "probe.py").write_text(program)
    config = {"include": ["probe.py"], "extraPaths": [str(place)], "reportMissingModuleSource": False}
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    output = run(folder, "npx", "pyright", "--outputjson").stdout
    said = {}
    for one in json.loads(output)["generalDiagnostics"]:
        probe = rows.get(one["range"]["start"]["line"])
        if probe is None:
            continue
        answer = said.setdefault(probe, {"seen": False})
        message, rule = one["message"].splitlines()[0], one.get("rule", "")
        if one["severity"] == "information":
            answer["seen"] = True
            if message.endswith('is "Unknown"') or message.endswith('is "Any"'):
                answer["unknown"] = "its type is not known"
        elif rule == "reportAttributeAccessIssue" and 'for class "_"' in message:
            answer["unknown"] = "its class is made when the program runs"
        elif rule in ("reportMissingImports", "reportAttributeAccessIssue"):
            answer.setdefault("wrong", message)
        elif rule == "reportCallIssue" and any(text in message for text in TELLS):
            answer.setdefault("wrong", message)
    for answer in said.values():
        if "wrong" in answer:
            answer.pop("unknown", None)
            named = CLASS.search(answer["wrong"])
            if named and made_later(place, named[1]):
                answer["unknown"] = f"`{named[1]}` gets its attributes when the program runs"
                del answer["wrong"]
    return {probe: {key: value for key, value in answer.items() if key != "seen"} for probe, answer in said.items()}


@functools.cache
def made_later(place, name):
    """Whether a class of the packages gets attributes that its text does not name, or has no room for its own: it is a base."""
    for file in place.rglob("*.py"):
        text = file.read_text(errors="replace")
        if not re.search(rf"^(?:class|def) {name}\b", text, re.MULTILINE):
            continue
        kinds = (ast.ClassDef, ast.FunctionDef)
        for node in (one for one in ast.parse(text).body if isinstance(one, kinds) and one.name == name):
            if any(sets_any(one) for one in ast.walk(node)):
                return True
            # What a decorator does to the class.
            decorators = [one.id for one in node.decorator_list if isinstance(one, ast.Name)]
            if isinstance(node, ast.ClassDef) and any(made_later(place, one) for one in decorators):
                return True
    return False


def sets_any(node):
    """`setattr(self, name, ..)`, where the text does not say which name, or `__slots__ = []`."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node) == "__slots__ = []"
    called = isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr"
    return called and ast.unparse(node.args[0]) in ("self", "cls") and not isinstance(node.args[1], ast.Constant)


def written(place, origin):
    """The module and the expression of the way to a client; nothing where the package does not have it, or for any member."""
    if "package" not in origin:
        return None
    steps = origin["package"].split(".")
    for index, step in enumerate(origin["steps"]):
        if "member" not in step:
            rest = origin["steps"][index:]
            break
        steps.append(step["member"])
    else:
        rest = []
    module, names = module_of(place, steps)
    if module is None or any("like" in step for step in rest):
        return None
    return ".".join(module), ".".join([*module, *names]) + code(rest)


def with_instances(starts):
    """Also an instance of what is called at the end: types may call a class that makes its own instances by another name."""
    for module, expression in filter(None, starts):
        yield module, expression
        if expression.endswith(CALL):
            yield module, f"instance({expression.removesuffix(CALL)})"


def make(start, call):
    """The module, the expression and the arguments of a call; nothing where a step is any member."""
    if any("like" in step for step in call["steps"]):
        return None
    module, expression = start
    expression += code(call["steps"])
    if "call" not in call:
        return module, expression, None
    places, names = [], []
    for param in call["call"]["parameters"]:
        name = param["name"]
        if not name or not name.isidentifier():
            places.append("_")
        elif not name.endswith("*"):
            names.append(f"{name}=_")
    return module, expression, ", ".join([*places, *names])


def code(steps):
    return "".join(f".{step['member']}" if "member" in step else CALL for step in steps)


def without_call(steps):
    return steps[:-1] if steps and "call" in steps[-1] else steps


def label(steps):
    return "".join(
        f".{step['member']}" if "member" in step else f".{step['like']}*" if "like" in step else "()" for step in steps
    ).lstrip(".")


def holds(condition, versions):
    if not condition:
        return True
    name, _, wanted = condition.partition(" ")
    version = versions.get(folded(name))
    return version is None or SpecifierSet(wanted.replace("^", "~=")).contains(version, prereleases=True)
