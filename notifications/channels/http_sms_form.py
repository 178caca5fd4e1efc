"""The form that describes an SMS gateway, what may be wrong with it, and examples filled in.

The examples say what the companies' public documents say, and no more.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.http import allowed_from_environment, is_public
from notifications.channels.forms import Field, Preset
from notifications.channels.http_sms import problem_of_url
from notifications.channels.placeholders import pairs

FIELDS: Final = (
    Field("url", _("Address"), _("Placeholders such as {to_digits} may stand in it, too.")),
    Field(
        "method",
        pgettext_lazy("of an HTTP request", "Method"),
        choices=(("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")),
    ),
    Field(
        "auth",
        _("How the key is shown"),
        choices=(
            ("bearer", _("Authorization: Bearer")),
            ("basic", _("User name and password (Basic)")),
            ("header", _("In a header of its own")),
            ("query", _("As a parameter of the address")),
            ("none", _("Not at all")),
        ),
    ),
    Field(
        "auth_name",
        _("User name, header or parameter"),
        _("Only where the key is shown in one of these ways."),
        is_optional=True,
    ),
    Field("auth_secret", _("Key or password"), is_secret=True, is_optional=True),
    Field(
        "headers",
        _("Further headers"),
        _("One a line: Accept: application/json"),
        is_optional=True,
        is_long=True,
    ),
    Field(
        "body_kind",
        _("What is posted"),
        choices=(("form", _("A form")), ("json", "JSON"), ("none", _("Nothing"))),
    ),
    Field(
        "body",
        pgettext_lazy("of an HTTP request", "Body"),
        _(
            "JSON, or one name=value a line. Placeholders: {to}, {to_digits} (without +), {text}, "
            "{sender}, {reference}, {unicode} (1 or 0), {encoding} (UCS2 or GSM7), {text_hex}."
        ),
        is_optional=True,
        is_long=True,
    ),
    Field(
        "success_codes",
        _("Status codes that mean yes"),
        _("Empty: every one from 200 to 299."),
        is_optional=True,
    ),
    Field(
        "success_path",
        _("Where the answer says yes"),
        _("A path in the JSON answer, such as data.success."),
        is_optional=True,
    ),
    Field("success_values", _("Which values mean yes"), initial="true", is_optional=True),
    Field("id_path", _("Where the message’s number is"), is_optional=True),
    Field("error_path", _("Where the error code is"), is_optional=True),
    Field(
        "final_codes",
        _("Codes after which it is not tried again"),
        _("One a line, with its meaning: ER-07 the text was filtered"),
        is_optional=True,
        is_long=True,
    ),
    Field(
        "dead_codes",
        _("Codes of numbers that cannot be reached"),
        _("One a line, with its meaning. The number is not written to again."),
        is_optional=True,
        is_long=True,
    ),
    Field(
        "repeats",
        _("A second message with the same {reference}"),
        choices=(("sent", _("is sent as well")), ("dropped", _("is dropped by the gateway"))),
        help=_("What happens when the line breaks before the gateway answers."),
    ),
    Field("per_second", _("Messages a second"), _("Empty: no limit."), is_optional=True),
    Field(
        "receipt_id",
        _("Receipts: where the message’s number is"),
        _("A path in what the gateway posts to the address for receipts."),
        is_optional=True,
    ),
    Field("receipt_reference", _("Receipts: where our {reference} is"), is_optional=True),
    Field("receipt_status", _("Receipts: where the status is"), is_optional=True),
    Field("receipt_delivered", _("Receipts: values that mean delivered"), is_optional=True),
    Field(
        "receipt_failed",
        _("Receipts: values that mean not delivered"),
        _("One a line, with its meaning. Any other value changes nothing."),
        is_optional=True,
        is_long=True,
    ),
)

PRESETS: Final = (
    Preset(
        "unifonic",
        "Unifonic",
        "https://docs.unifonic.com/articles/products-documentation/sending-your-first-sms-via-unifonic-api",
        {
            "url": "https://el.cloud.unifonic.com/rest/SMS/messages",
            "method": "POST",
            "auth": "query",
            "auth_name": "AppSid",
            "headers": "Accept: application/json",
            "body_kind": "form",
            "body": "SenderID={sender}\nRecipient={to_digits}\nBody={text}\nresponseType=JSON\n"
            "CorrelationID={reference}",
            "success_path": "success",
            "success_values": "true",
            "error_path": "errorCode",
            "final_codes": "ER-06 the text is empty\nER-07 the text was filtered\n"
            "ER-09 the same text was sent to the number a moment ago",
            "dead_codes": "ER-02 the number is not valid\nER-03 the number is too long\n"
            "ER-04 the number is too short",
        },
    ),
    Preset(
        "taqnyat",
        "Taqnyat",
        "https://dev.taqnyat.sa/en/doc/sms/",
        {
            "url": "https://api.taqnyat.sa/v1/messages",
            "method": "POST",
            "auth": "bearer",
            "body_kind": "json",
            "body": '{"recipients": ["{to_digits}"], "body": "{text}", "sender": "{sender}"}',
            "success_path": "statusCode",
            "success_values": "201",
            "id_path": "messageId",
        },
    ),
)

_HTTPS: Final = _("Enter an address that starts with https:// and names a public server.")


def problems(values: Mapping[str, str]) -> dict[str, Promise | str]:
    """What is wrong with a filled-in form, by field."""
    found: dict[str, Promise | str] = {}
    allow = allowed_from_environment()
    url = values.get("url", "")
    if problem_of_url(url, allow=allow) or _is_private(url, allow):
        found["url"] = _HTTPS
    if values.get("body_kind") == "json" and not _is_json(values.get("body", "")):
        found["body"] = _("This is not valid JSON.")
    if values.get("body_kind") == "form" and not pairs(values.get("body", ""), "="):
        found["body"] = _("Write one name=value a line.")
    if values.get("auth") in {"basic", "header", "query"} and not values.get("auth_name"):
        found["auth_name"] = _("This field is required.")
    rate = values.get("per_second", "")
    if rate and not (rate.replace(".", "", 1).isdecimal() and float(rate) > 0):
        found["per_second"] = _("Enter a number above 0.")
    return found


def _is_private(url: str, allow: frozenset[str]) -> bool:
    """Whether the address names a private IP itself; a name is looked up when it is called."""
    parts = urlsplit(url)
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return parts.hostname == "localhost" and f"localhost:{parts.port}" not in allow
    host = parts.hostname or ""
    return not is_public(host) and f"{host}:{parts.port or 443}" not in allow


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
