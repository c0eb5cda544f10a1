#!/usr/bin/env python3
"""Whether the release program works where the tests, which run the debug one, cannot see it: check.py PROGRAM

What the optimiser gets wrong shows in no other place. It runs the monitor on a feed that is a file, with a web page, asks for
every page and address once, does what a visitor does, and ends it. Standard library only; loopback only.
"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

TOKEN = "a-token-of-the-check-0123456789abcdef"
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Check</title><link>http://check.example/</link>
<item><guid>1</guid><link>http://check.example/1</link><title>Қазақстан: Жайнар Серікқызы босатылды</title></item>
</channel></rss>"""
CONFIG = """state: state.db
web: {listen: "127.0.0.1:%d", token: "%s"}
backlog: all
feeds:
  - {url: "file:%s", name: Check}
watch:
  - {name: family, people: [Жайнар Серікқызы]}
alerts:
  - file: {path: alerts.jsonl}
"""


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with open(os.path.join(folder, "feed.xml"), "w", encoding="utf-8") as file:
            file.write(FEED)
        config = os.path.join(folder, "feeds.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG % (port, TOKEN, os.path.join(folder, "feed.xml")))
        for command in (["check"], ["explain", "Жайнар Серікқызы"], ["status"]):
            answer = subprocess.run([program, *command, "--config", config], capture_output=True, timeout=60, check=False)
            expect(answer.returncode >= 0, f"{command[0]} ends", answer.stderr)
        with open(os.path.join(folder, "log"), "wb") as log:
            monitor = subprocess.Popen([program, "run", "--config", config], stdout=log, stderr=log)
            try:
                visit(port, os.path.join(folder, "alerts.jsonl"), monitor)
                monitor.terminate()
                expect(monitor.wait(timeout=30) == 0, "it ends when it is asked to", monitor.returncode)
            finally:
                monitor.kill()
    print("The release program works.")


def visit(port, alerts, monitor):
    def ask(method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            body = urllib.parse.urlencode(body)
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            return answer.status, dict((name.lower(), value) for name, value in answer.getheaders()), answer.read()
        finally:
            connection.close()
            expect(monitor.poll() is None, f"{method} {path} does not end the program", monitor.returncode)

    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if ask("GET", "/healthz")[0] == 200 and os.path.exists(alerts) and os.path.getsize(alerts):
                break
        except OSError:
            pass
        time.sleep(0.1)
    with open(alerts, encoding="utf-8") as file:
        alert = json.loads(file.readline())["id"]
    status, headers, _ = ask("POST", "/login", {"token": TOKEN})
    expect(status == 303, "who has the token comes in", status)
    cookie = headers["set-cookie"].split(";")[0]
    csrf = re.search(rb'name="csrf" value="([0-9a-f]+)"', ask("GET", "/about", Cookie=cookie)[2]).group(1).decode()
    pages = ["/", f"/alerts/{alert}", "/feeds", "/watches", "/watches/family", "/try", "/about"]
    interface = ["alerts", f"alerts/{alert}", "feeds", "watches", "status", "openapi.json"]
    for path in pages + ["/news?since=0"]:
        expect(ask("GET", path, Cookie=cookie)[0] == 200, path)
    for path in [f"/api/v1/{name}" for name in interface] + ["/alerts.atom", "/alerts.json", "/metrics", "/readyz"]:
        expect(ask("GET", path, Authorization=f"Bearer {TOKEN}")[0] == 200, path)
    tried = ask("POST", "/try", {"csrf": csrf, "text": "Жайнар Серікқызы келді"}, Cookie=cookie)
    expect(tried[0] == 200 and "family" in tried[2].decode(), "a text is tried", tried[0])
    for path, body in ((f"/alerts/{alert}/seen", {}), (f"/alerts/{alert}/dismissal", {"watch": "family"})):
        expect(ask("POST", path, {"csrf": csrf, **body}, Cookie=cookie)[0] == 303, path)
    # A visitor who has gone.
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        expect(stream.recv(4096).startswith(b"HTTP/1.1 200"), "news are streamed")
    expect(ask("GET", "/healthz")[0] == 200, "it is well afterwards")


def expect(is_so, what, found=""):
    if not is_so:
        sys.exit(f"release check: {what}: no. {found}")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
