#!/usr/bin/env python3
"""Turns what `piiflow scan -f json` prints into the shape of `undisclosed inventory --format json`, for the scorer.

usage: piiflow.py FINDINGS.json > INVENTORY.json

Read in its favour: every step of a flow counts as a place of the chain, and the name of the source and of every field
that is written on the way counts as a field, although privacy-flow reports categories and not payload keys.
"""

import json
import re
import sys


def vendor(sink):
    """The vendor that a sink names: its processor, its host, or the last part of its id in the catalogue."""
    host = (sink.get("host") or {}).get("value")
    if sink.get("processor"):
        return sink["processor"]
    if host:
        return host.split(".")[-2] if "." in host else host
    return re.split(r"[._]", sink["catalogue_id"].split(".", 1)[-1])[0]


def names(flow, source):
    """The names that may be payload keys: those written on the way, and that of what was read."""
    written = [step["field"] for step in flow["path"] if step["kind"] == "write" and step.get("field")]
    return list(dict.fromkeys(written + [re.split(r"[.\[\]]+", source["name"])[-1]]))


def place(step):
    return {"file": step["path"], "line": step["line"]}


def main():
    findings = json.load(open(sys.argv[1]))
    sinks = {sink["id"]: sink for sink in findings["sinks"]}
    sources = {source["id"]: source for source in findings["sources"]}
    shares = []
    for flow in findings["flows"]:
        sink = sinks[flow["sink"]]
        steps = [place(step) for step in reversed(flow["path"])]
        at = place(flow["path"][0])
        fields = [
            {"path": name, "from": None, "at": at, "hop": 0} for name in names(flow, sources[flow["source"]])
        ]
        call = place(sink["location"])
        share = {"vendor": vendor(sink), "api": sink["catalogue_id"], "event": None, "call": call}
        shares.append(share | {"chain": [call] + steps, "fields": fields, "opaque": False})
    json.dump({"shares": shares}, sys.stdout, indent=1)


main()
