#!/usr/bin/env python3
"""A mail server on loopback, by aiosmtpd: it wants STARTTLS, and a login (u, pa55word) behind it.

    mailserver.py CERTIFICATE KEY     prints its port on the first line, then each message as a line of JSON

Ends with 3 where aiosmtpd is not installed.
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

try:
    from aiosmtpd.smtp import SMTP, AuthResult
except ImportError:
    sys.exit(3)


class Handler:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        body = message.get_body(preferencelist=("plain",))
        print(json.dumps({
            "greeting": session.host_name, "sender": envelope.mail_from, "recipients": envelope.rcpt_tos,
            "tls": session.ssl is not None, "authenticated": bool(session.authenticated),
            "longest": max(len(line) for line in envelope.original_content.split(b"\r\n")),
            "headers": {name: str(value) for name, value in message.items()},
            "defects": [str(defect) for defect in message.defects],
            "text": body.get_content(), "type": message.get_content_type(),
        }), flush=True)
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"u" and data.password == b"pa55word", handled=False)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])


async def main():
    def session():
        return SMTP(
            Handler(), hostname="mail.example", tls_context=context, require_starttls=True, auth_required=True,
            authenticator=authenticate)

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
