"""Writes the manual pages from what the program says of itself.

make-man.py PROGRAM FOLDER writes tocsin.1 (from --experimental-dump-help, which swift-argument-parser gives) and
tocsin-feeds.5 (from the JSON Schema of feeds.yaml) to the folder, in mdoc(7).
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
told = subprocess.run([program, "--experimental-dump-help"], capture_output=True, check=True).stdout
command = json.loads(told)["command"]
schema = json.loads(subprocess.run([program, "schema"], capture_output=True, check=True).stdout)
# The same bytes from the same source (reproducible-builds.org).
stamp = os.environ.get("SOURCE_DATE_EPOCH")
zone = datetime.timezone.utc
moment = datetime.datetime.fromtimestamp(int(stamp), zone) if stamp else datetime.datetime.now(zone)
months = "January February March April May June July August September October November December".split()
date = f"{months[moment.month - 1]} {moment.day}, {moment.year}"


def text(words: str) -> str:
    """Words for troff: nothing of them is a request or an escape."""
    words = " ".join(words.split()).replace("\\", "\\e").replace("-", "\\-")
    words = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in words)
    return ("\\&" if words[:1] in ".'" else "") + words


def argument(word: str) -> str:
    """An argument of a macro: quoted, so that it is one and is called by no name."""
    return '"' + text(word).replace('"', "\\(dq") + '"'


def names(entry: dict) -> list[str]:
    return [("-" if name["kind"] == "short" else "--") + name["name"] for name in entry.get("names", [])]


def arguments(of: dict) -> list[dict]:
    return [a for a in of.get("arguments", []) if a.get("shouldDisplay", True) and a.get("valueName") not in ("version", "help")]


def own_arguments(of: dict) -> list[dict]:
    """Those that are not explained at the top."""
    return [a for a in arguments(of) if not (a.get("valueName") in ("config", "log-level") and a["kind"] == "option")]


def synopsis(path: str, of: dict) -> list[str]:
    lines = [f".Nm {path}"]
    for entry in own_arguments(of):
        if entry["kind"] == "positional":
            word = f"Ar {argument(entry['valueName'])}" + (" ..." if entry.get("isRepeating") else "")
        elif entry["kind"] == "flag":
            word = f"Fl {argument(names(entry)[0][1:])}"
        else:
            word = f"Fl {argument(names(entry)[0][1:])} Ar {argument(entry['valueName'])}"
        lines.append(f".Op {word}" if entry.get("isOptional") else f".{word}")
    return lines


def options(of: dict) -> list[str]:
    shown = own_arguments(of)
    if not shown:
        return []
    lines = [".Bl -tag -width 6n"]
    for entry in shown:
        if entry["kind"] == "positional":
            lines.append(f".It Ar {argument(entry['valueName'])}")
        else:
            value = f" Ar {argument(entry['valueName'])}" if entry["kind"] == "option" else ""
            lines.append(".It " + " , ".join(f"Fl {argument(name[1:])}" for name in names(entry)) + value)
        about = entry.get("abstract") or entry["valueName"]
        usual = f" (default: {entry['defaultValue']})" if entry.get("defaultValue") else ""
        lines.append(text(about + usual))
    return [*lines, ".El"]


def commands(of: dict, path: str) -> list[str]:
    lines: list[str] = []
    for sub in of.get("subcommands", []):
        if sub["commandName"] == "help" or not sub.get("shouldDisplay", True):
            continue
        name = f"{path} {sub['commandName']}".strip()
        nested = [s for s in sub.get("subcommands", []) if s["commandName"] != "help"]
        lines.append(f".Ss {text(name)}")
        if not nested:
            lines += synopsis(name, sub) + [".Pp"]
        lines.append(text(sub.get("abstract", "")))
        if sub.get("discussion"):
            lines += [".Pp", text(sub["discussion"])]
        lines += options(sub) + commands(sub, name)
    return lines


def main_page() -> list[str]:
    return [
        f".Dd {date}", ".Dt TOCSIN 1", ".Os", ".Sh NAME", ".Nm tocsin",
        ".Nd watch news feeds in any language and raise the alarm", ".Sh SYNOPSIS", ".Nm tocsin", ".Ar command",
        '.Op Fl \\-config Ar file', ".Op Ar argument ...", ".Sh DESCRIPTION", text(command["abstract"]), ".Pp",
        text("Begin with 'tocsin init', which asks whom and what you look for. Then 'tocsin run' watches until it is ended."),
        ".Sh OPTIONS", "Most commands take:", ".Bl -tag -width 6n",
        '.It Fl \\-config Ar file', text("The configuration file (default: feeds.yaml), see"), ".Xr tocsin\\-feeds 5 .",
        '.It Fl \\-log\\-level Ar level', "trace, debug, info, notice, warning, error or critical (default: notice).",
        '.It Fl \\-help', "Explains a command.", '.It Fl \\-version', "The versions of tocsin and its libraries.", ".El",
        ".Sh COMMANDS", *commands(command, ""),
        ".Sh ENVIRONMENT", ".Bl -tag -width 6n", ".It Ev NO_COLOR", "When it is set, nothing is coloured.",
        ".It Ev NAME", text("Whatever stands as ${NAME} in the configuration."), ".El",
        ".Sh FILES", ".Bl -tag -width 6n", ".It Pa feeds.yaml", "The configuration.",
        ".It Pa tocsin.db", text("The state: what was seen, the alerts, and what is still to be delivered ('state' in the configuration)."),
        ".It Pa /etc/tocsin/feeds.yaml", "The configuration of the system's service, where it was installed as a package.", ".El",
        ".Sh EXIT STATUS", ".Bl -tag -width 6n",
        *[line for status, about in [
            ("0", "All is well."), ("1", "Somebody is needed (status, coverage, alerts test)."), ("64", "Wrong usage."),
            ("65", "The input is not a feed."), ("69", "The state or a port cannot be used."),
            ("73, 74", "A file cannot be made, read or written."), ("75", "Try again; nothing is lost."),
            ("78", "The configuration is wrong."),
        ] for line in (f".It {status}", about)], ".El",
        ".Sh EXAMPLES", "A first configuration, and what it finds in a sentence:", ".Bd -literal -offset indent",
        "tocsin init", "tocsin explain 'Zhainar Serikqyzy spoke of her grandfather'", "tocsin run", ".Ed",
        ".Sh SEE ALSO", ".Xr tocsin\\-feeds 5", ".Pp", ".Lk https://github.com/tocsin\\-monitor/tocsin",
    ]


def kinds(value: dict) -> str:
    """What can stand there, in a few words."""
    choices = value.get("anyOf", [value])
    words: list[str] = []
    for choice in choices:
        if "enum" in choice:
            words += [str(word) for word in choice["enum"] if word is not None]
        elif choice.get("examples"):
            words.append("such as " + ", ".join(str(e) for e in choice["examples"]))
        elif "minimum" in choice:
            words.append(f"{choice['minimum']} to {choice['maximum']}")
    return ", ".join(words)


def keys(of: dict) -> list[str]:
    lines = [".Bl -tag -width 6n"]
    for key, value in of.get("properties", {}).items():
        lines += [f".It Ic {argument(key)}", text(value.get("description", ""))]
        more = [kinds(value)] if kinds(value) else []
        if "default" in value:
            usual = value["default"]
            more.append("default: " + (json.dumps(usual) if isinstance(usual, bool) else str(usual)))
        if more:
            lines.append(text("(" + "; ".join(more) + ")"))
    return [*lines, ".El"]


def feeds_page() -> list[str]:
    sections = schema["$defs"]
    skipped = {name for name in sections if name.endswith("-entry")}
    lines = [
        f".Dd {date}", ".Dt TOCSIN\\-FEEDS 5", ".Os", ".Sh NAME", ".Nm feeds.yaml", ".Nd the configuration of tocsin",
        ".Sh DESCRIPTION",
        text("A YAML file. 'tocsin check' tells every fault at once, and 'tocsin schema' prints the JSON Schema by which editors complete "
             "and check it. Relative paths are relative to the file that they stand in. ${NAME} is replaced by an environment variable, "
             "${NAME:-default} by the default where it is not set. Durations are written 90s 15m 1h30m 7d, sizes 500kB 20MB. Where a list "
             "can stand, one value alone is a list of one."),
        ".Sh KEYS AT THE TOP", *keys(schema),
    ]
    for name, section in sections.items():
        if name in skipped or "properties" not in section:
            continue
        if name.startswith("webhook-"):
            shared = set(sections["webhook-standard"]["properties"])
            own = {k: v for k, v in section["properties"].items() if name == "webhook-standard" or k not in shared}
            section = {**section, "properties": own}
            title = f"webhook, format {name.removeprefix('webhook-')}"
        else:
            title = name
        lines += [f".Sh {text(title).upper()}", text(section.get("description", ""))]
        if section["properties"]:
            lines += keys(section)
    return [*lines, ".Sh SEE ALSO", ".Xr tocsin 1", ".Pp", ".Lk https://github.com/tocsin\\-monitor/tocsin"]


folder.mkdir(parents=True, exist_ok=True)
for name, page in [("tocsin.1", main_page()), ("tocsin-feeds.5", feeds_page())]:
    # An empty line is a fault of mdoc.
    (folder / name).write_text("\n".join(line for line in page if line) + "\n", encoding="utf-8")
