"""Every address answers under a strict policy: no inline script anywhere, inline style nowhere
but in the two places listed, and nobody else may frame us."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import models
from django.test import Client

from demo.models import CapturedMail
from merchants.access import issue_api_key
from merchants.headers import POLICY
from merchants.models import Merchant
from tests import everything, factories
from tests.conftest import ROOT
from tests.test_tenancy import fill, identifiers, routes
from tracking.models import Link

#: Routes with a policy of their own, each with its reason.
WIDER = {
    "api/docs/": "Swagger UI sets style attributes",
    "app/<slug:merchant>/messages/texts/<slug:topic>/<slug:channel>/<slug:language>/preview/": (
        "a message's own HTML, sandboxed"
    ),
    "app/<slug:merchant>/messages/<int:message_id>/preview/": "a mail's own HTML, sandboxed",
    "app/<slug:merchant>/settings/brand/preview/": "a mail's own HTML, sandboxed",
    "app/<slug:merchant>/pages/banners/page/": "the shopper’s page as it would look, sandboxed",
    "app/<slug:merchant>/settings/brand/page/": "the shopper's page in a frame, sandboxed",
    "app/<slug:merchant>/settings/promotions/preview/": "a promotion in a frame, sandboxed",
    "app/<slug:merchant>/settings/promotions/<int:promotion_id>/preview/": (
        "a promotion in a frame, sandboxed"
    ),
    "app/<slug:merchant>/settings/embed/order/frame/": "an order in a frame, sandboxed",
    "app/new/preview/": "the shopper's page in a frame, sandboxed",
    "app/<slug:merchant>/setup/mail/": "a mail's own HTML, sandboxed",
    "app/<slug:merchant>/setup/preview/": "the shopper's page in a frame, sandboxed",
    "app/<slug:merchant>/settings/brand/logo/": "a picture that a merchant uploaded, sandboxed",
    "app/<slug:merchant>/settings/brand/picture/<slug:name>/": "the same",
    "p/<slug:merchant>/logo/<str:version>": "a picture that a merchant uploaded, sandboxed",
    "p/<slug:merchant>/icon/<str:version>": "the same",
    "p/<slug:merchant>/share/<str:version>": "the same",
    "demo/mailbox/<int:mail_id>/body/": "a mail's own HTML, sandboxed",
    "p/<slug:merchant>/t/<str:token>/frame/": "framed by the shop's own pages; see the test of it",
}
#: Of these nothing is wider but who may frame them.
FRAMED = {"p/<slug:merchant>/t/<str:token>/frame/"}


@pytest.fixture
def mine(merchant: Merchant) -> dict[type[models.Model], Any]:
    return everything.make(merchant)


@pytest.fixture
def owner(merchant: Merchant) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(factories.user(merchant, email="me@noor.example"))
    return client


def directives(policy: str) -> dict[str, str]:
    pairs = (part.strip().partition(" ") for part in policy.split(";") if part.strip())
    return {name: value for name, _, value in pairs}


def test_every_address_answers_under_a_strict_policy(
    merchant: Merchant, mine: dict[type[models.Model], Any], owner: Client
) -> None:
    mail = CapturedMail.objects.create(subject="Hello", html="<p>Hello</p>")
    values = identifiers(mine, merchant.slug) | {"mail_id": str(mail.pk), "user_id": "1"}
    values["route"] = "wc/v3/orders"
    _, key = issue_api_key(merchant=merchant, name="walk", by=None)
    answered, wider = 0, set()
    for route in sorted(set(routes())):
        headers = {"Authorization": f"Bearer {key}"} if route.startswith("api/v1/") else {}
        answer = owner.get(fill(route, values), headers=headers)
        policy = answer.headers["Content-Security-Policy"]
        found = directives(policy)
        assert "'unsafe-inline'" not in found.get("script-src", found["default-src"]), route
        assert "'unsafe-eval'" not in policy, route
        assert "*" not in re.sub(r"https?:", "", policy), route
        answered += answer.status_code == 200
        if route in FRAMED:
            wider.add(route)
            assert found.pop("frame-ancestors").startswith("https://"), route
            assert found | {"frame-ancestors": "'none'"} == directives(POLICY), route
            continue
        assert answer.headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}, route
        if policy != POLICY:
            wider.add(route)
            assert route in WIDER, f"{route} has a policy of its own: list it with its reason"
            assert "sandbox" in found or route == "api/docs/", route
    assert answered > 25
    assert wider <= set(WIDER)


def test_shoppers_page_and_refusals_keep_to_the_policy(
    merchant: Merchant, mine: dict[type[models.Model], Any]
) -> None:
    client = Client()
    page = client.get(f"/p/{merchant.slug}/t/{mine[Link].token}/")
    assert (page.status_code, page.headers["Content-Security-Policy"]) == (200, POLICY)
    nothing = client.get("/nothing/here/")
    assert (nothing.status_code, nothing.headers["Content-Security-Policy"]) == (404, POLICY)


def test_policy_allows_nothing_inline() -> None:
    found = directives(POLICY)
    assert (found["default-src"], found["script-src"], found["style-src"]) == (
        "'none'",
        "'self'",
        "'self'",
    )


def test_no_template_writes_script_or_style_into_a_page() -> None:
    """Letters are not pages: a mail has no style sheet to load."""
    offending = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]
        if "mail" not in path.parts
        for match in re.finditer(
            r"<script(?![^>]*\ssrc=)[^>]*>|<style[ >]|\sstyle=\"|\son[a-z]+=\"", path.read_text()
        )
        if 'type="application/' not in match.group(0)
    ]
    assert offending == []
