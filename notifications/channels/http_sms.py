"""SMS through any gateway that a form can describe: one HTTP request a message.

What the form holds is in `notifications.channels.http_sms_form`. The gateway's address is the
merchant's to choose, so it is called through `lib.http`, which refuses private ones.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import ClassVar, Final
from urllib.parse import urlsplit

import httpx

from notifications.channels.base import Account, ChannelError, Doubt, Letter
from notifications.channels.calls import Line, at_path, check_status, json_of
from notifications.channels.placeholders import (
    codes,
    fill_form,
    fill_header,
    fill_json,
    fill_url,
    pairs,
    values,
    words_of,
)

_NAME: Final = "The SMS gateway"


class HttpSmsChannel:
    """One request a message. A gateway cannot be asked, so a doubtful message is left alone."""

    slug: ClassVar[str] = "sms"
    doubt: ClassVar[Doubt] = Doubt.LEAVE

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line = Line(_NAME)

    def send(self, letter: Letter) -> str:
        config = self._account.config
        words = words_of(letter, sender=letter.sender or self._account.sender)
        headers, params = self._headers(words)
        body = _body(config, words, headers)
        response = self._line.call(
            config.get("method", "POST"), fill_url(config.get("url", ""), words),
            headers=headers, params=params, content=body,
        )  # fmt: skip
        answer = json_of(response)
        _judge(config, response, answer)
        return self._account.id_of(at_path(answer, config.get("id_path", "")))

    def candidates(self, letter: Letter) -> list[str]:
        raise ChannelError("An SMS gateway cannot be asked about a message")

    def close(self) -> None:
        self._line.close()

    def _headers(self, words: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Headers, and what the key adds to the address."""
        config, secret = self._account.config, self._account.secrets.get("auth_secret", "")
        headers = {
            name: fill_header(value, words) for name, value in pairs(config.get("headers", ""), ":")
        }
        name = config.get("auth_name", "")
        match config.get("auth", "none"):
            case "basic":
                headers["Authorization"] = (
                    f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"
                )
            case "bearer":
                headers["Authorization"] = f"Bearer {secret}"
            case "header":
                headers[name or "X-Api-Key"] = secret
            case "query":
                return headers, {name or "api_key": secret}
        return headers, {}


class HttpSmsOnceChannel(HttpSmsChannel):
    """A gateway that drops a second message with the same reference."""

    doubt: ClassVar[Doubt] = Doubt.SEND_AGAIN


def open_http_sms(account: Account) -> HttpSmsChannel:
    once = account.config.get("repeats") == "dropped"
    return HttpSmsOnceChannel(account) if once else HttpSmsChannel(account)


def _body(
    config: Mapping[str, str], words: Mapping[str, str], headers: dict[str, str]
) -> bytes | None:
    """The body in the shape that the form names; sets its type where the form does not."""
    template = config.get("body", "")
    named = {name.lower() for name in headers}
    match config.get("body_kind", "form"):
        case "json":
            kind, body = "application/json", json.dumps(fill_json(json.loads(template), words))
            content = body.encode()
        case "form":
            kind, content = "application/x-www-form-urlencoded", fill_form(template, words)
        case _:
            return None
    if "content-type" not in named:
        headers["Content-Type"] = kind
    return content


def _judge(config: Mapping[str, str], response: httpx.Response, answer: object) -> None:
    """Raise what the answer decides. A code inside is read whatever the status: many gateways
    answer 200 to what they refuse."""
    code = at_path(answer, config.get("error_path", ""))
    dead, final = codes(config.get("dead_codes", "")), codes(config.get("final_codes", ""))
    if code and code in dead:
        why = dead[code] or "the number cannot be reached"
        raise ChannelError(
            f"{_NAME} refused it: {why} ({code})"[:280], permanent=True, suppress=why[:60]
        )
    if code and code in final:
        raise ChannelError(f"{_NAME} refused it: {final[code]} ({code})"[:280], permanent=True)
    wanted = values(config.get("success_codes", ""))
    if not response.is_success or (wanted and str(response.status_code) not in wanted):
        check_status(response, _NAME, said=code)
        raise ChannelError(f"{_NAME} answered {response.status_code}"[:280])
    path = config.get("success_path", "")
    if path and at_path(answer, path).lower() not in values(config.get("success_values", "")):
        raise ChannelError(f"{_NAME} refused it" + (f" ({code})" if code else ""))


def problem_of_url(url: str, *, allow: frozenset[str]) -> bool:
    """Whether an address may not be called: no https, no host, a name and password inside."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return True
    if parts.username or parts.password or not parts.hostname or "{" in parts.netloc:
        return True
    return parts.scheme != "https" and f"{parts.hostname}:{port}" not in allow
