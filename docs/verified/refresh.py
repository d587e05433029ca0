#!/usr/bin/env python3
"""Writes rules/verified.toml: the version of each package that the calls in rules/vendors were compared with, and the
newest version that was published when it was last looked up.

    docs/verified/refresh.py                          takes over what `sources` in rules/vendors says, offline
    docs/verified/refresh.py --look-up stripe resend  also asks the registries for the newest versions of these packages
    docs/verified/refresh.py --look-up-all            ... of every package in the file

Registries are asked through their own clients: npm, pip and cargo have to be installed.
"""

import argparse
import concurrent.futures
import datetime
import json
import pathlib
import re
import subprocess
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCK = ROOT / "rules" / "verified.toml"
HEAD = """\
# The version of each package that the calls in `vendors` were compared with, and the newest version that was published
# when that was last looked up. Written by `docs/verified/refresh.py`; `undisclosed vendors --stale` compares them.
"""
REGISTRIES = {"npm": "npm", "crates": "crates", "crates.io": "crates", "pypi": "pypi"}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout if done.returncode == 0 else ""


def newest(registry, package):
    """The newest published version that is no pre-release; none where the registry does not say."""
    if registry == "npm":
        text = run("npm", "view", package, "version", "--json")
        return json.loads(text) if text.strip() else None
    if registry == "pypi":
        found = re.search(r"\(([^)]+)\)", run("pip", "index", "versions", package))
        return found and found.group(1)
    found = re.search(r"^version: (\S+)", run("cargo", "info", "--color", "never", package), re.M)
    # cargo says the newest of all; of a package that has a pre-release, the newest release is not known.
    return found.group(1) if found and "-" not in found.group(1) else None


def compared():
    """The packages that `sources` names, each with the newest of its versions: `npm stripe 17.7.0 and 23.1.0`."""
    found = {}
    for path in sorted((ROOT / "rules" / "vendors").glob("*.toml")):
        for source in tomllib.loads(path.read_text()).get("sources", []):
            words = source.split()
            versions = re.findall(r"(?<![\w.])\d+(?:\.\d+)*(?:[-.]?\w+)*", " ".join(words[2:]))
            if len(words) > 2 and words[0].lower() in REGISTRIES and versions:
                found[REGISTRIES[words[0].lower()], words[1]] = max(versions, key=order)
    return found


def order(version):
    """What versions are compared by."""
    return [int(number) for number in re.findall(r"\d+", version)]


def read():
    """What is known of each package, by registry and name."""
    known = tomllib.loads(LOCK.read_text()) if LOCK.exists() else {}
    return {
        (registry, package): dict(about)
        for registry in sorted(set(REGISTRIES.values()))
        for package, about in known.get(registry, {}).items()
    }


def write(entries):
    lines = [HEAD]
    for registry in sorted(set(REGISTRIES.values())):
        lines.append(f"\n[{registry}]\n")
        for (_, package), about in sorted(entry for entry in entries.items() if entry[0][0] == registry):
            parts = [f'{key} = "{about[key]}"' for key in ("verified", "checked", "newest") if key in about]
            parts += [f"looked-up = {about['looked-up']}"] if "looked-up" in about else []
            lines.append(f'"{package}" = {{ {", ".join(parts)} }}\n')
    LOCK.write_text("".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look-up", nargs="+", default=[], metavar="PACKAGE")
    parser.add_argument("--look-up-all", action="store_true")
    arguments = parser.parse_args()
    entries = read()
    for key, version in compared().items():
        entries.setdefault(key, {})["verified"] = version
    wanted = [key for key in entries if arguments.look_up_all or key[1] in arguments.look_up]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for key, found in zip(wanted, pool.map(lambda key: newest(*key), wanted)):
            if found:
                entries[key] |= {"newest": found, "looked-up": datetime.date.today()}
            else:
                print(f"{' '.join(key)}: the registry does not say")
    write(entries)


if __name__ == "__main__":
    main()
