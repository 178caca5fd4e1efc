"""A browser whose requests a test's own client answers: no server, no second connection.

So pages are read in the test's transaction, at the test's hour, with all their headers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import Final
from urllib.parse import urlsplit

from django.http import FileResponse, HttpResponseBase
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Route

#: Browsers trust this one as they trust https.
ORIGIN: Final = "http://localhost"
_HOP_BY_HOP: Final = frozenset({"content-length", "content-encoding", "transfer-encoding"})


@contextmanager
def looking(
    browser: Browser, client: Client, *, language: str = "en", **how: object
) -> Iterator[Page]:
    """A page of a context of its own; what the policy refuses or a script throws fails the test."""
    context = browser.new_context(locale=language, **how)  # type: ignore[arg-type]
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console", lambda message: problems.append(message.text) if _is_policy(message) else None
    )
    page.on(
        "response", lambda answer: problems.append(answer.url) if answer.status == 404 else None
    )
    # Playwright calls back in a context of its own, which would open a connection of its own.
    here = copy_context()
    page.route("**/*", lambda route: here.copy().run(_answer, route, client))
    try:
        yield page
    finally:
        context.close()
    assert problems == [], problems


def _is_policy(message: ConsoleMessage) -> bool:
    return "Content Security Policy" in message.text


def _answer(route: Route, client: Client) -> None:
    request = route.request
    parts = urlsplit(request.url)
    if f"{parts.scheme}://{parts.netloc}" != ORIGIN:
        route.abort()
        return
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {
        name: value
        for name, value in request.headers.items()
        if name in {"accept", "accept-language"}
    }
    if request.method == "POST":
        answer = client.post(
            path, request.post_data_buffer or b"", headers=headers,
            content_type=request.headers.get("content-type", "text/plain"),
        )  # fmt: skip
    else:
        answer = client.get(path, headers=headers)
    kept = {
        name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP
    }
    route.fulfill(status=answer.status_code, headers=kept, body=_body(answer))


def _body(answer: HttpResponseBase) -> bytes:
    if isinstance(answer, FileResponse) or answer.streaming:
        return b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return bytes(answer.content)  # type: ignore[attr-defined]
