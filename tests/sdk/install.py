"""Installs published packages into folders of their own."""

import json
import pathlib
import re
import subprocess
import sys

TOOLS = ["typescript@5", "semver@7", "@types/node", "@types/react", "react", "pyright@1"]
# npm and PyPI publish all the time: a version may name another that has not arrived yet.
EARLIER = ["2026-09-01", "2026-06-01", "2026-01-01"]


def run(folder, *command, stdin=None, env=None):
    return subprocess.run(command, cwd=folder, input=stdin, env=env, capture_output=True, text=True, check=False)


def npm(folder, packages):
    """Installs `packages` (`name` or `name@version`) and the tools; what is there, by name, and what was wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"name": "check", "private": True}))
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", "--silent"]

    def install(names, before=()):
        # Without a tag, npm prefers a version that is made for this version of node to a newer one.
        names = [name if "@" in name[1:] else f"{name}@latest" for name in names]
        return run(folder, "npm", "install", *options, *before, *names).returncode == 0

    # Of a name alone, npm takes the newest version that runs with this version of node.
    packages = [package if "@" in package[1:] else f"{package}@latest" for package in packages]
    wrong = []
    if not install([*TOOLS, *packages]):
        # One that cannot be installed must not hide the others.
        if not install(TOOLS):
            sys.exit("npm: the tools cannot be installed")
        for package in packages:
            if not any(install([package], before) for before in ((), *(("--before", date) for date in EARLIER))):
                wrong.append(f"npm: {package.removesuffix('@latest')} cannot be installed")
    versions = {}
    for package in {re.sub(r"(?<=.)@.*", "", package) for package in packages}:
        about = folder / "node_modules" / package / "package.json"
        if about.exists():
            described = json.loads(about.read_text())
            versions[package] = described["version"]
            if not has_types(about.parent, described):
                # Others may have declared them; where nobody has, its JavaScript is all there is.
                install([f"@types/{package.removeprefix('@').replace('/', '__')}"])
    return versions, wrong


def has_types(folder, described):
    """Whether a package declares types of its own."""
    named = described.get("types") or described.get("typings") or '"types"' in json.dumps(described.get("exports", ""))
    return bool(named) or (folder / "index.d.ts").exists()


def pip(folder, package):
    """Installs `package` (`name` or `name==version`) into `folder`; its version, and what was wrong."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    done = run(None, *command, "install", "--quiet", "--target", str(folder), package)
    if done.returncode:
        return None, [f"pip: {package}: {(done.stderr.strip() or 'cannot be installed').splitlines()[-1]}"]
    listed = json.loads(run(None, *command, "list", "--path", str(folder), "--format", "json").stdout)
    versions = {folded(one["name"]): one["version"] for one in listed}
    return versions[folded(package.split("==")[0])], []


def folded(name):
    return re.sub("[-_.]+", "-", name).lower()


def compared(vendor, registry):
    """The versions of each package that `sources` of a vendor's file names: `npm stripe 17.1.0 and 22.5.0`."""
    found = {}
    for source in vendor.get("sources", []):
        words = source.split()
        if len(words) > 2 and words[0].lower() == registry:
            versions = re.findall(r"\b\d+(?:\.\d+)+(?:[-.]?\w+)*", " ".join(words[2:]))
            found.setdefault(words[1], []).extend(versions)
    return found


def module_of(folder: pathlib.Path, steps):
    """The longest start of `steps` that is a module in `folder`, and the names after it."""
    for end in range(len(steps), 0, -1):
        place = folder.joinpath(*steps[:end])
        files = (place.with_name(place.name + ending) for ending in (".py", ".pyi"))
        if place.is_dir() or any(file.exists() for file in files):
            return steps[:end], steps[end:]
    return None, steps
