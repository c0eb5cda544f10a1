"""Holds the JSON Schema of feeds.yaml against configurations and against the loader.

schemacheck.py PROGRAM SCHEMA REPOSITORY FOLDER prints a JSON object of what is wrong: nothing, if it is empty.
"""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys

try:
    from jsonschema import Draft202012Validator
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
except ImportError:
    print(json.dumps({"missing": ["jsonschema or ruamel.yaml: ./dev test installs them"]}))
    sys.exit(0)

program, schema_file, repository, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
schema = json.loads(pathlib.Path(schema_file).read_text(encoding="utf-8"))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
wrong: dict[str, list[str]] = {}


def note(kind: str, what: str) -> None:
    wrong.setdefault(kind, []).append(what)


def read(text: str):
    """As an editor reads it: by YAML 1.2's core schema."""
    return YAML(typ="safe", pure=True).load(text)


def faults(document) -> list[str]:
    return [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator.iter_errors(document)]


# What is shipped is right.
shipped = [repository / "feeds.yaml", *sorted((repository / "Examples").rglob("*.yaml"))]
for file in shipped:
    text = file.read_text(encoding="utf-8")
    for fault in faults(read(text)):
        note("shipped", f"{file.name} {fault}")
    found = re.search(r"^# yaml-language-server: \$schema=(\S+)$", text, re.MULTILINE)
    if not found or not (file.parent / found[1]).exists():
        note("reference", str(file))

# What the pages for users show is right.
blocks = 0
for page in [repository / "README.md", *sorted((repository / "docs").glob("*.md"))]:
    for block in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        # Some leave keys out.
        if re.search(r"[{,] *…[,}]", block):
            continue
        document = read(block)
        if document is None:
            continue
        # A part of a file: entries of 'alerts'.
        if isinstance(document, list):
            document = {"alerts": document}
        blocks += 1
        for fault in faults(document):
            note("documented", f"{page.name} {fault}")
if blocks < 20:
    note("documented", f"only {blocks} blocks")

# A key that nobody knows is found wherever it stands.
open_keys = {"headers", "concepts", "env", "body"}


def with_strangers(document, node, where=()):
    if isinstance(node, dict):
        if not set(where) & open_keys:
            node["stranger"] = "x"
            yield where
            del node["stranger"]
        for key, value in node.items():
            yield from with_strangers(document, value, (*where, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from with_strangers(document, value, (*where, index))


strangers = 0
for file in shipped:
    document = copy.deepcopy(read(file.read_text(encoding="utf-8")))
    for where in with_strangers(document, document):
        strangers += 1
        if not faults(document):
            note("strangers", f"{file.name} {where}")
if strangers < 30:
    note("strangers", f"only {strangers}")

# What the loader takes, the schema takes; and it finds the faults that a schema can find.
environment = {**os.environ, "HOST": "example.org", "TOKEN": "s3cret-value"}
refused_by_schema = set()
for file in sorted((repository / "Tests/ConfigTests/Fixtures").glob("*.yaml")):
    try:
        document = read(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        continue
    found = faults(document) if document is not None else []
    if found:
        refused_by_schema.add(file.stem)
    check = subprocess.run([program, "check", "--config", str(file)], capture_output=True, env=environment, check=False)
    if check.returncode == 0 and found:
        note("too strict", f"{file.name} {found}")
must = """
alert-is-a-word bad-backlog bad-boolean bad-connections bad-duration bad-match bad-severity bad-silence bad-size
alerts-two-kinds concepts-as-list connections-in-feed feed-is-a-list feed-without-url headers-as-list list-for-text missing-unit negative
not-a-mapping person-without-name unknown-key unknown-top-key watch-is-a-word watch-only-excludes watch-without-condition
watch-without-name websub-is-a-word websub-no-callback
""".split()
for name in must:
    if name not in refused_by_schema:
        note("too lax", name)

# Sinks, which the fixtures have not.
good = """
alerts: stdout
alerts: [stdout, {stdout: }, {stdout: {format: json, quiet: 22:00-07:00, rate: 5/10m, gap: 1s, heartbeat: daily 07:00}}]
alerts: [{file: {path: a.jsonl, rotate: 500000, keep: 3, fallback: {to: stdout, after: 1h}, only: [low]}}]
alerts: [{webhook: {url: "https://h.example", secret: [a, b], headers: {A: 1}, timeout: 5s}}]
alerts: [{webhook: {format: , url: "https://h.example"}}]
alerts: [{webhook: {format: "${FORMAT}", url: "https://h.example", whatever: 1}}]
alerts: [{webhook: {format: telegram, token_file: t, chat: -100123, thread: "7", group: {wait: 30s, max: 20}}}]
alerts: [{webhook: {format: ntfy, url: https://ntfy.sh/t, digest: weekly monday 07:00 Asia/Almaty}}]
alerts: [{webhook: {format: alertmanager, url: "https://h.example", resolve_after: 2h, group: {}}}]
alerts: [{webhook: {format: template, url: "https://h.example", method: put, body: [1, {a: "{{title}}"}]}}]
alerts: [{email: {server: s, from: a@b, to: [c@d], tls: STARTTLS, user: u, password: p, html: yes, digest: hourly}}]
alerts: [{exec: {command: [a, 1], env: {A: b}}}]
fetch: {every: "${EVERY:-5m}", per_host: "${N}", allow_private_addresses: "${X}", max_body: 1000}
""".strip().splitlines()
bad = """
alerts: file
alerts: [{stdout: {format: xml}}]
alerts: [{stdout: {group: {}}}]
alerts: [{file: {}}]
alerts: [{file: {path: a, keep: 0}}]
alerts: [{file: {path: a, quiet: at night}}]
alerts: [{file: {path: a, heartbeat: {every: 1h}}}]
alerts: [{webhook: {format: slick, url: "https://h.example"}}]
alerts: [{webhook: {format: slack}}]
alerts: [{webhook: {format: slack, url: a, secret: b}}]
alerts: [{webhook: {format: slack, url: a, token: b}}]
alerts: [{webhook: {url: a, group: {}}}]
alerts: [{webhook: {format: telegram, token: t}}]
alerts: [{webhook: {format: telegram, chat: 1}}]
alerts: [{webhook: {format: ntfy, topic: t, group: {max: 1}}}]
alerts: [{webhook: {format: template, url: a, body: text}}]
alerts: [{email: {server: s, from: a}}]
alerts: [{email: {server: s, from: a, to: b, tls: ssl}}]
alerts: [{exec: {env: {}}}]
alerts: [{pigeon: {}}]
fetch: {per_host: 65}
fetch: {max_body: large}
web:
""".strip().splitlines()
for line in good:
    for fault in faults(read(line)):
        note("too strict", f"{line}: {fault}")
for line in bad:
    if not faults(read(line)):
        note("too lax", line)

print(json.dumps(wrong))
