"""The Content API over HTTP, and our own control of what becomes of templates."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from notifications.sandbox import content_face
from notifications.sandbox.state import State
from notifications.sandbox.twilio_face import Refused


def content_routes(
    state: State, account: str, *, check: Callable[[web.Request], None]
) -> list[web.RouteDef]:
    """The routes for this state; `check` refuses wrong credentials."""

    async def create(request: web.Request) -> web.Response:
        check(request)
        body = await request.json()
        return _answer(lambda: content_face.create(state, body, account), status=201)

    async def hand_in(request: web.Request) -> web.Response:
        check(request)
        sid, body = request.match_info["sid"], await request.json()
        return _answer(lambda: content_face.hand_in(state, sid, body), status=201)

    async def approval(request: web.Request) -> web.Response:
        check(request)
        sid = request.match_info["sid"]
        return _answer(lambda: content_face.approval(state, sid, account))

    async def decide(request: web.Request) -> web.Response:
        """How templates stand: {status} for those to come, with {name} for one that is there."""
        body = await request.json()
        if not body.get("name"):
            state.verdict = str(body["status"])
        for content in state.contents.values():
            if content.name == body.get("name"):
                content.status, content.reason = str(body["status"]), str(body.get("reason", ""))
                content.category = str(body.get("category", content.category))
        state.save()
        return web.json_response({"templates": len(state.contents)})

    return [
        web.post("/v1/Content", create),
        web.post("/v1/Content/{sid}/ApprovalRequests/whatsapp", hand_in),
        web.get("/v1/Content/{sid}/ApprovalRequests", approval),
        web.post("/control/templates", decide),
    ]


def _answer(make: Callable[[], dict[str, object]], *, status: int = 200) -> web.Response:
    try:
        return web.json_response(make(), status=status)
    except Refused as refused:
        return web.json_response(refused.as_json(), status=refused.status)
