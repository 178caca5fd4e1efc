"""`python -m benchmarks.fanout_providers --latency-ms 30`: a mail server, Twilio and a push service
that take everything after a while, and remember when. No Django, in a process of its own.

Prints the ports of mail and HTTP; `GET /taken` lists [channel, mark, seconds since 1970], where
the mark is a Message-ID, our reference, or the browser's name.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import signal
import time
from email.utils import format_datetime, localtime
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

Taken = list[tuple[str, str, float]]


class _Mail:
    """Takes every mail `latency` seconds after its last line."""

    def __init__(self, taken: Taken, latency: float) -> None:
        self.taken, self.latency = taken, latency

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        head = content.partition(b"Message-ID: ")[2]
        self.taken.append(("email", head.partition(b"\r\n")[0].decode(), time.time()))
        await asyncio.sleep(self.latency)
        return "250 taken"


class _Phones:
    """Twilio's one call, and a push service that does not look inside."""

    def __init__(self, taken: Taken, latency: float) -> None:
        self.taken, self.latency = taken, latency

    async def text(self, request: web.Request) -> web.Response:
        form = parse_qs((await request.read()).decode())
        reference = form["StatusCallback"][0].partition("message=")[2]
        self.taken.append(("sms", reference, time.time()))
        await asyncio.sleep(self.latency)
        made = _RESOURCE | {"sid": f"SM{secrets.token_hex(16)}", "to": form["To"][0]}
        return web.json_response(made, status=201)

    async def push(self, request: web.Request) -> web.Response:
        await request.read()
        self.taken.append(("webpush", request.match_info["name"], time.time()))
        await asyncio.sleep(self.latency)
        return web.Response(status=201, headers={"Location": f"/notes/{secrets.token_hex(8)}"})

    async def list_taken(self, request: web.Request) -> web.Response:
        return web.json_response(text=json.dumps(self.taken))

    async def forget(self, request: web.Request) -> web.Response:
        self.taken.clear()
        return web.Response()


_RESOURCE: dict[str, Any] = {
    "account_sid": "AC0", "api_version": "2010-04-01", "body": "", "date_created":
    format_datetime(localtime()), "date_sent": None, "date_updated": format_datetime(localtime()),
    "direction": "outbound-api", "error_code": None, "error_message": None, "from": "",
    "messaging_service_sid": None, "num_media": "0", "num_segments": "1", "price": None,
    "price_unit": "USD", "status": "queued", "subresource_uris": {}, "uri": "",
}  # fmt: skip


async def _serve(latency: float) -> None:
    taken: Taken = []
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    mail = await loop.create_server(lambda: SMTP(_Mail(taken, latency)), "127.0.0.1", 0)
    phones = _Phones(taken, latency)
    app = web.Application()
    app.add_routes(
        [
            web.post("/2010-04-01/Accounts/{account}/Messages.json", phones.text),
            web.post("/push/{name}", phones.push),
            web.get("/taken", phones.list_taken),
            web.post("/forget", phones.forget),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(mail.sockets[0].getsockname()[1], runner.addresses[0][1], flush=True)
    await stop.wait()
    mail.close()
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency-ms", type=float, default=30.0)
    asyncio.run(_serve(parser.parse_args().latency_ms / 1000))


if __name__ == "__main__":
    main()
