"""The sandbox over HTTP: Twilio's API, a push service, and our own control.

`http://127.0.0.1:PORT` is what `TWILIO_API_URL` points at; `/push/…` are browsers' endpoints;
`/control/…` is ours.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
import secrets
import socket
import struct
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp
import http_ece
from aiohttp import web
from cryptography.exceptions import InvalidTag
from py_vapid import Vapid02
from twilio.request_validator import RequestValidator

from notifications.sandbox import content_face, gateways, twilio_face
from notifications.sandbox.content_routes import content_routes
from notifications.sandbox.state import MODES, Failure, State, Text
from notifications.sandbox.twilio_face import Refused

SILENCE_SECONDS: Final = 120.0
_STOP_WORDS: Final = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
_START_WORDS: Final = frozenset({"START", "YES", "UNSTOP"})


@dataclass(slots=True)
class Phones:
    """A running sandbox: what it knows, and how it talks back."""

    state: State
    account: str
    token: str
    #: Seconds between queued, sent and delivered.
    pace: float = 1.0
    #: Seconds that a message takes before it is accepted, and again before that is said.
    latency: float = 0.0
    #: Where messages that a shopper writes are posted, as set up in Twilio's console.
    inbound_url: str = ""
    _http: aiohttp.ClientSession | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def post(self, url: str, params: dict[str, str]) -> int:
        """A signed webhook; 0 where nobody answered."""
        signature = RequestValidator(self.token).compute_signature(url, params)
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15))
        try:
            async with self._http.post(
                url, data=params, headers={"X-Twilio-Signature": signature}
            ) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.state.callbacks.append({"url": url, "params": params, "status": status})
        return status

    async def close(self, app: web.Application) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
        self.state.save()


PHONES: Final = web.AppKey("phones", Phones)


def create_app(phones: Phones) -> web.Application:
    app = web.Application(client_max_size=1024**2)
    app[PHONES] = phones
    app.add_routes(
        [
            web.get("/healthz", _health),
            web.post("/2010-04-01/Accounts/{account}/Messages.json", _create),
            web.get("/2010-04-01/Accounts/{account}/Messages.json", _list),
            web.get("/2010-04-01/Accounts/{account}/Messages/{sid}.json", _fetch),
            web.post("/push/{device}", _push),
            web.post("/gateway/send", _gateway_of("sms")),
            web.post("/alimtalk/v2.3/appkeys/{app_key}/messages", _gateway_of("alimtalk")),
            web.get("/alimtalk/v2.3/appkeys/{app_key}/messages", _alimtalk_list),
            web.post("/v2/bot/message/push", _gateway_of("line")),
            web.post("/postmark/email", _gateway_of("postmark")),
            web.get("/control/posted", _posted),
            web.get("/control/texts", _texts),
            web.post("/control/answers", _answer),
            web.post("/control/failures", _fail),
            web.post("/control/numbers", _number),
            web.post("/control/devices", _device),
            web.get("/control/devices/{device}", _notes),
            web.delete("/control/devices/{device}", _gone),
            web.get("/control/callbacks", _callbacks),
        ]
    )
    app.add_routes(content_routes(phones.state, phones.account, check=_check_credentials))
    app.on_cleanup.append(phones.close)
    return app


async def start(app: web.Application, *, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Listen; the port that was taken (0 asks for a free one). Raises OSError when in use."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
    except OSError:
        await runner.cleanup()
        raise
    taken: int = runner.addresses[0][1]
    return runner, taken


# --- Twilio -------------------------------------------------------------------------------


async def _create(request: web.Request) -> web.StreamResponse:
    phones = request.app[PHONES]
    _check_credentials(request)
    form = {name: str(value) for name, value in (await request.post()).items()}
    mode = phones.state.take_failure()
    if mode == "429":
        return _no(Refused(20429, 429))
    if mode == "500":
        return web.json_response({"message": "Internal server error"}, status=500)
    if mode == "silence":
        await asyncio.sleep(SILENCE_SECONDS)
    if mode in {"reset", "silence"}:
        return _reset(request)
    await asyncio.sleep(phones.latency)
    try:
        variables = json.loads(form.get("ContentVariables") or "{}")
        form["Body"] = content_face.filled(phones.state, form, variables)
        text = twilio_face.create(phones.state, form, datetime.now(UTC))
    except ValueError:
        return _no(Refused(21656))
    except Refused as refused:
        return _no(refused)
    phones.background(_progress(phones, text))
    await asyncio.sleep(phones.latency)
    if mode == "cut":
        return _reset(request)
    return web.json_response(twilio_face.resource(text, phones.account), status=201)


async def _list(request: web.Request) -> web.Response:
    _check_credentials(request)
    phones = request.app[PHONES]
    return web.json_response(twilio_face.listing(phones.state, dict(request.query), phones.account))


async def _fetch(request: web.Request) -> web.Response:
    _check_credentials(request)
    phones = request.app[PHONES]
    text = phones.state.texts.get(request.match_info["sid"])
    if text is None:
        return _no(Refused(20404, 404))
    return web.json_response(twilio_face.resource(text, phones.account))


async def _progress(phones: Phones, text: Text) -> None:
    """queued → sent → delivered, or undelivered, each told by a signed callback."""
    code = phones.state.outcomes.get(text.to.removeprefix("whatsapp:"))
    for status in ("sent", "undelivered" if code else "delivered"):
        await asyncio.sleep(phones.pace)
        text.status = status
        if status == "undelivered":
            text.error_code = code
        phones.state.save()
        if text.callback:
            params = {
                "AccountSid": phones.account,
                "ApiVersion": "2010-04-01",
                "From": text.sender,
                "MessageSid": text.sid,
                "MessageStatus": status,
                "SmsSid": text.sid,
                "SmsStatus": status,
                "To": text.to,
            }
            if text.error_code:
                params["ErrorCode"] = str(text.error_code)
            await phones.post(text.callback, params)


def _check_credentials(request: web.Request) -> None:
    phones = request.app[PHONES]
    account = request.match_info.get("account", phones.account)
    sent = request.headers.get("Authorization", "")
    right = base64.b64encode(f"{phones.account}:{phones.token}".encode()).decode()
    if account != phones.account or not hmac.compare_digest(sent, f"Basic {right}"):
        refused = Refused(20003, 401)
        raise web.HTTPUnauthorized(
            text=json.dumps(refused.as_json()), content_type="application/json"
        )


def _no(refused: Refused) -> web.Response:
    return web.json_response(refused.as_json(), status=refused.status)


def _reset(request: web.Request) -> web.Response:
    """Cut the connection off with a TCP reset, in the middle of the exchange."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)


# --- the push service ------------------------------------------------------------------------


async def _push(request: web.Request) -> web.StreamResponse:
    """RFC 8030: verify the sender's proof, decrypt as the browser would, keep the note."""
    state = request.app[PHONES].state
    device = state.devices.get(request.match_info["device"])
    if device is None or device.is_gone:
        return web.Response(status=410)
    mode = state.take_failure()
    if mode in {"429", "500"}:
        return web.Response(status=int(mode))
    if mode == "reset":
        return _reset(request)
    proof = request.headers.get("Authorization", "")
    if not proof.startswith("vapid ") or not Vapid02.verify(proof):
        return web.Response(status=403)
    try:
        content = http_ece.decrypt(
            await request.read(),
            private_key=device.private_key,
            auth_secret=base64.urlsafe_b64decode(f"{device.auth}=="),
        )
        note = json.loads(content)
    except (http_ece.ECEException, InvalidTag, ValueError):
        return web.Response(status=400)
    device.notes.append({**note, "at": datetime.now(UTC).isoformat()})
    state.save()
    await asyncio.sleep(request.app[PHONES].latency)
    if mode == "cut":
        return _reset(request)
    return web.Response(status=201, headers={"Location": f"/notes/{secrets.token_hex(8)}"})


def _gateway_of(name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def take(request: web.Request) -> web.Response:
        answer = await gateways.post(request.app[PHONES].state, request, name)
        return _reset(request) if answer is None else answer

    return take


async def _alimtalk_list(request: web.Request) -> web.Response:
    key = request.query.get("recipientGroupingKey", "")
    return web.json_response(gateways.alimtalk_list(request.app[PHONES].state, key))


async def _posted(request: web.Request) -> web.Response:
    return web.json_response({"posted": list(request.app[PHONES].state.posted)})


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "texts": len(request.app[PHONES].state.texts)})


async def _texts(request: web.Request) -> web.Response:
    """Every text from and to one number, oldest first; all of them without a number."""
    number = request.query.get("number", "")
    rows = [
        {
            "sid": text.sid,
            "channel": "whatsapp" if text.to.startswith("whatsapp:") else "sms",
            "to": text.to.removeprefix("whatsapp:"),
            "from": text.sender.removeprefix("whatsapp:"),
            "body": text.body,
            "status": text.status,
            "at": text.created_at,
            "is_theirs": text.direction == "inbound",
        }
        for text in sorted(request.app[PHONES].state.texts.values(), key=lambda text: text.created)
        if not number
        or number in {text.to.removeprefix("whatsapp:"), text.sender.removeprefix("whatsapp:")}
    ]
    return web.json_response({"texts": rows})


async def _answer(request: web.Request) -> web.Response:
    """A shopper writes back: {number, to, channel, body}; posted on, signed, to `inbound_url`.

    `fields` are further ones of Twilio's webhook (a place, a button, a picture), as they are.
    """
    phones = request.app[PHONES]
    body = await request.json()
    prefix = "whatsapp:" if body.get("channel") == "whatsapp" else ""
    number, ours = prefix + str(body["number"]), prefix + str(body["to"])
    words = str(body.get("body", ""))
    fields = {str(name): str(value) for name, value in body.get("fields", {}).items()}
    text = Text(
        sid=f"SM{secrets.token_hex(16)}",
        to=ours,
        sender=number,
        # A phone shows what has no words by its name or type.
        body=words or fields.get("Label", fields.get("MediaContentType0", "")),
        direction="inbound",
        status="received",
        created_at=datetime.now(UTC).isoformat(),
    )
    params = {
        "AccountSid": phones.account,
        "ApiVersion": "2010-04-01",
        "Body": words,
        "From": number,
        "MessageSid": text.sid,
        "NumMedia": "0",
        "SmsStatus": "received",
        "To": ours,
        **fields,
    }
    # Twilio itself blocks after a STOP by SMS, not by WhatsApp, and names it (`OptOutType`) only
    # where Advanced Opt-Out is switched on: here it is not, as in an account fresh from the box.
    word = words.strip().upper()
    if not prefix and word in _STOP_WORDS:
        phones.state.stopped.add((ours, number))
    elif word in _START_WORDS:
        phones.state.stopped.discard((ours, number))
    phones.state.add_text(text)
    status = await phones.post(phones.inbound_url, params) if phones.inbound_url else 0
    return web.json_response({"sid": text.sid, "webhook": status}, status=201)


async def _fail(request: web.Request) -> web.Response:
    body = await request.json()
    mode = body.get("mode")
    if mode not in MODES:
        raise web.HTTPBadRequest(text=f"mode: one of {', '.join(MODES)}")
    request.app[PHONES].state.failure = Failure(mode, body.get("for_requests"))
    return web.json_response({"mode": mode})


async def _number(request: web.Request) -> web.Response:
    """Texts for {number} end undelivered with {error_code}; without a code they arrive again."""
    body = await request.json()
    outcomes = request.app[PHONES].state.outcomes
    if body.get("error_code"):
        outcomes[str(body["number"])] = int(body["error_code"])
    else:
        outcomes.pop(str(body["number"]), None)
    return web.json_response({"numbers": outcomes})


async def _device(request: web.Request) -> web.Response:
    """A browser of this name: its endpoint and keys, as `PushSubscription.toJSON()` gives them."""
    name = str((await request.json())["name"])
    device = request.app[PHONES].state.add_device(name)
    return web.json_response(
        {
            "endpoint": f"http://{request.host}/push/{name}",
            "keys": {"p256dh": device.p256dh, "auth": device.auth},
        }
    )


async def _notes(request: web.Request) -> web.Response:
    device = request.app[PHONES].state.devices.get(request.match_info["device"])
    return web.json_response({"notes": device.notes if device else [], "known": device is not None})


async def _gone(request: web.Request) -> web.Response:
    """The browser unsubscribed: its endpoint answers 410 from now on."""
    device = request.app[PHONES].state.devices.get(request.match_info["device"])
    if device is not None:
        device.is_gone = True
        request.app[PHONES].state.save()
    return web.Response(status=204)


async def _callbacks(request: web.Request) -> web.Response:
    return web.json_response({"callbacks": list(request.app[PHONES].state.callbacks)})
