"""What is logged of a request that carries a token and somebody's e-mail: neither of them."""

from __future__ import annotations

import io
import json
import logging
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.http import HttpRequest
from django.test import Client
from honcho.environ import parse_procfile

from lib.logs import JsonLine, Line, WithoutPath
from merchants.models import Merchant
from storefront_pages import views
from tests.compose.machine import free_port
from tests.config.production import ROOT, environment

TOKEN = "tok3n-tok3n-tok3n-tok3n-x"
EMAIL = "sara.hidden@shopper.example"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the root's and Django's handlers would write, as JSON lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    without_path = logging.StreamHandler(stream)
    without_path.setFormatter(JsonLine())
    without_path.addFilter(WithoutPath())
    pairs = [
        (logging.getLogger(), handler),
        (logging.getLogger("django.request"), without_path),
        (logging.getLogger("homeward.requests"), None),
    ]
    levels = [(logger, logger.level) for logger, _ in pairs]
    for logger, one in pairs:
        logger.setLevel(logging.INFO)
        if one:
            logger.addHandler(one)
    yield stream
    for logger, one in pairs:
        if one:
            logger.removeHandler(one)
    for logger, level in levels:
        logger.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_request_is_one_line_with_its_route(
    client: Client, merchant: Merchant, written: io.StringIO
) -> None:
    answer = client.post(f"/p/noor/t/{TOKEN}/?email={EMAIL}", {"email": EMAIL})
    (line,) = [one for one in lines(written) if one["logger"] == "homeward.requests"]
    assert isinstance(line.pop("milliseconds"), float)
    assert line.pop("time")
    assert line == {
        "level": "info",
        "logger": "homeward.requests",
        "message": f"POST p/<slug:merchant>/t/<str:token>/ {answer.status_code}",
        "method": "POST",
        "route": "p/<slug:merchant>/t/<str:token>/",
        "status": answer.status_code,
        "id": answer.headers["X-Request-ID"],
    }


def test_failing_request_writes_neither_token_nor_what_was_typed(
    merchant: Merchant, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is something to leak: the error's text repeats both, as a database's would."""

    def fail(request: HttpRequest, slug: str) -> None:
        said = f"Key (email)=({EMAIL}) already exists at {request.get_full_path()}"
        logging.getLogger("homeward.test").error("it failed", exc_info=ValueError(said))
        raise ValueError(said)

    monkeypatch.setattr(views, "merchant_of", fail)
    client = Client(raise_request_exception=False)
    answer = client.post(f"/p/noor/?token={TOKEN}", {"number": "1001", "proof": EMAIL})
    assert answer.status_code == 500
    found = lines(written)
    loggers = {str(one["logger"]) for one in found}
    assert loggers == {"homeward.requests", "homeward.test", "django.request"}
    assert [one for one in found if TOKEN in str(one) or EMAIL in str(one)] == []
    (error,) = [one["error"] for one in found if one["logger"] == "homeward.test"]
    assert str(error).startswith("ValueError")


def test_line_for_people_holds_the_same_and_no_more() -> None:
    record = logging.LogRecord("homeward.requests", logging.INFO, "", 0, "GET app/ 200", (), None)
    record.route, record.status, record.request = "app/", 200, HttpRequest()
    assert Line().format(record) == (
        "INFO    homeward.requests: GET app/ 200 (route=app/ status=200)"
    )


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port and the output of a web process as in production; its database is not there."""
    port, output = free_port(), tmp_path / "output"
    command = parse_procfile((ROOT / "Procfile").read_text()).processes["web"]
    settings = environment(
        PORT=str(port),
        WEB_WORKERS="1",
        BASE_URL=f"http://127.0.0.1:{port}",
        ALLOWED_HOSTS="localhost",
    )
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"], cwd=ROOT, env=settings, stdout=file, stderr=file
        )
    try:
        yield port, output
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.processes
def test_web_process_writes_json_without_token_or_address(web: tuple[int, Path]) -> None:
    """Through gunicorn and all: a page that fails, and whose page for that fails as well, because
    no style sheet was collected; a strange host; a request that cannot be read."""
    port, output = web
    with httpx.Client(transport=httpx.HTTPTransport(retries=9), timeout=60) as client:
        at = f"http://127.0.0.1:{port}"
        assert client.get(f"{at}/healthz").status_code == 200
        assert client.get(f"http://localhost:{port}/readyz").status_code == 503
        assert client.get(f"{at}/p/noor/t/{TOKEN}/?email={EMAIL}").status_code == 500
        refused = client.get(f"{at}/p/noor/t/{TOKEN}/", headers={"Host": f"{TOKEN}.example"})
        assert refused.status_code == 500
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(f"GET /p/noor/t/{TOKEN}/?email={EMAIL} HTTP/x\r\n\r\n".encode())
        assert link.recv(100).startswith(b"HTTP/1.1 400")
    text = output.read_text()
    found = [json.loads(line) for line in text.splitlines()]
    assert [line for line in text.splitlines() if TOKEN in line or EMAIL in line] == []
    assert {one["logger"] for one in found} == {
        "gunicorn.error", "homeward.at_hand", "homeward.start", "homeward.requests",
        "django.request",
    }  # fmt: skip
    requests = [one for one in found if one["logger"] == "homeward.requests"]
    assert [(one["route"], one["status"]) for one in requests] == [
        ("healthz", 200),
        ("readyz", 503),
        ("p/<slug:merchant>/t/<str:token>/", 500),
        ("unknown", 500),
    ]
    errors = [str(one["message"]) for one in found if one["level"] == "error"]
    assert [words.partition(" at ")[0] for words in errors] == [
        "503",
        "A request failed: ValueError",
        "A request failed: ValueError",
    ]
    # What the widget has at hand is read again and again; how often, is chance.
    warnings = [one for one in found if one["logger"] != "homeward.at_hand"]
    assert [one["message"] for one in warnings if one["level"] == "warning"] == [
        "The database cannot be reached yet.",
        "A request that cannot be read was refused",
    ]
