#!/usr/bin/env python3
"""News feeds and a webhook receiver on loopback, for end-to-end tests. Standard library, and `standardwebhooks` and `cloudevents`
where they are installed.

    newsserver.py FOLDER [SECRET]      prints its address on the first line

GET  /feeds/NAME       a file of FOLDER, with ETag, Last-Modified and 304
GET  /live/NAME        an RSS feed of the items that were added to NAME
POST /live/NAME        adds an item: the body is its title
GET  /status/CODE      that status; ?retry_after=N
GET  /slow             an answer that never comes
GET  /redirect?to=URL  302
POST /hook/NAME        a webhook receiver; its mood is set by PUT /hook/NAME with: ok, 500, 410, slow, or "429 300": that
                      status with Retry-After
GET  /__log            what was asked, as JSON; GET /__hooks what the hooks took
"""
import email.utils
import hashlib
import html
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

folder = sys.argv[1]
try:
    from standardwebhooks import Webhook
    verifier = Webhook(sys.argv[2]) if len(sys.argv) > 2 else None
except ImportError:
    verifier = None

try:
    from cloudevents.core.bindings.http import HTTPMessage, from_http_event
except ImportError:
    from_http_event = None

lock = threading.Lock()
log, hooks, moods, live = [], [], {}, {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def note(self, body=b""):
        with lock:
            log.append({"method": self.command, "path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()},
                        "body": body.decode("utf-8", "replace")})

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def conditional(self, body, modified, kind):
        tag = '"%s"' % hashlib.sha1(body).hexdigest()
        headers = [("ETag", tag), ("Last-Modified", email.utils.formatdate(modified, usegmt=True)), ("Content-Type", kind)]
        if self.headers.get("if-none-match") == tag:
            return self.send(304, b"", headers)
        self.send(200, body, headers)

    def do_GET(self):
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        query = {k: v[0] for k, v in parse_qs(url.query).items()}
        if parts[0] == "__log":
            with lock:
                return self.send(200, json.dumps(log).encode())
        if parts[0] == "__hooks":
            with lock:
                return self.send(200, json.dumps({"verified_by_library": verifier is not None, "taken": hooks}).encode())
        self.note()
        if parts[0] == "feeds":
            path = os.path.join(folder, os.path.basename(parts[1]))
            if not os.path.isfile(path):
                return self.send(404)
            return self.conditional(open(path, "rb").read(), os.path.getmtime(path), "application/xml")
        if parts[0] == "live":
            with lock:
                titles = list(live.get(parts[1], []))
            items = "".join(
                "<item><title>%s</title><link>http://items.example/%s/%d</link><guid isPermaLink='false'>%s-%d</guid></item>"
                % (html.escape(t), parts[1], i, parts[1], i) for i, t in enumerate(titles))
            body = "<rss version='2.0'><channel><title>Live %s</title><link>http://items.example/</link>%s</channel></rss>" % (parts[1], items)
            return self.conditional(body.encode(), 1543240800 + len(titles), "application/rss+xml")
        if parts[0] == "status":
            headers = [("Retry-After", query["retry_after"])] if "retry_after" in query else []
            return self.send(int(parts[1]), b"status", headers)
        if parts[0] == "redirect":
            return self.send(302, b"", [("Location", query["to"])])
        if parts[0] == "slow":
            time.sleep(60)
        self.send(404)

    def do_POST(self):
        body = self.body()
        parts = urlsplit(self.path).path.strip("/").split("/")
        if parts[0] == "live":
            with lock:
                live.setdefault(parts[1], []).append(body.decode())
            return self.send(204)
        self.note(body)
        mood = moods.get(parts[1], "ok")
        if mood == "slow":
            time.sleep(60)
        if mood[:3].isdigit():
            pause = mood[3:].strip()
            return self.send(int(mood[:3]), headers=[("Retry-After", pause)] if pause else [])
        signed = None
        if verifier:
            try:
                verifier.verify(body, {k.lower(): v for k, v in self.headers.items()})
                signed = True
            except Exception:
                signed = False
        event = None
        if from_http_event and self.headers.get("content-type", "").startswith("application/cloudevents"):
            try:
                event = from_http_event(HTTPMessage(dict(self.headers.items()), body)).get_id()
            except Exception as error:
                event = "refused: %s" % error
        with lock:
            hooks.append({"hook": parts[1], "id": self.headers["webhook-id"], "signed": signed, "event": event,
                          "alert": json.loads(body)})
        self.send(204)

    def do_PUT(self):
        moods[urlsplit(self.path).path.strip("/").split("/")[1]] = self.body().decode()
        self.send(204)

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print("http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
