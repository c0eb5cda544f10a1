#!/usr/bin/env python3
"""Receives Tocsin's alerts: checks each signature, drops repeats, prints the rest.

    python3 -m pip install standardwebhooks
    TOCSIN_WEBHOOK_SECRET=whsec_… python3 receiver.py [PORT]
"""
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["TOCSIN_WEBHOOK_SECRET"])
seen = set()  # a real receiver keeps these on disk


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            webhook.verify(body, dict(self.headers))  # id, time and body are signed; old messages are refused
        except WebhookVerificationError:
            return self.answer(401)
        identifier = self.headers["webhook-id"]
        if identifier not in seen:  # the same id on every try: a repeat is no news
            alert = json.loads(body)
            data = alert["data"]
            print(alert["timestamp"], data["severity"], ",".join(data["watches"]), data["item"].get("title"), sep="  ", flush=True)
            seen.add(identifier)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8421
    print(f"waiting for alerts at http://127.0.0.1:{port}/", file=sys.stderr)
    ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
