"""A shop's theme on another origin: its pages, under a policy of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Shop:
    """Stands for the shop: pages by path, each under the policy that the dashboard tells."""

    policy: str = ""
    css: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def put(self, path: str, body: str, *, lang: str = "en", head: str = "") -> str:
        """A page of the theme; returns its address."""
        way = "rtl" if lang == "ar" else "ltr"
        self.pages[path] = (
            f'<!doctype html><html lang="{lang}" dir="{way}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f'<title>Noor</title><link rel="stylesheet" href="/theme.css">{head}'
            f'<main><h1>Lamp</h1>{body}<p id="below">Below</p></main></html>'
        )
        return self.url + path


@contextmanager
def serving() -> Iterator[Shop]:
    """The shop, while somebody looks at it."""
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sheet = self.path == "/theme.css"
            text = shop.css if sheet else shop.pages.get(self.path.partition("?")[0], "")
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", "text/css" if sheet else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", shop.policy)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Not on the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield shop
    server.shutdown()
    thread.join()
    server.server_close()


CSS = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui; background: Canvas; color: CanvasText }
main { max-width: 30rem; margin: 1rem }
"""
