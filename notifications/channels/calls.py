"""One provider's API over `lib.http`: broken lines and plain HTTP answers as our decisions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from lib import http
from notifications.channels.base import ChannelError, CutOff
from notifications.channels.lines import never_left

#: After these nobody knows whether the message was taken.
_DOUBTFUL: Final = frozenset({500, 502, 504})
#: Refusals of one message that no second try changes.
_HOPELESS: Final = frozenset({400, 404, 405, 410, 413, 415, 422})


class Line:
    """Calls to one provider, for one thread at a time. `name` is how errors call it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._runner = asyncio.Runner()
        self._http: httpx.AsyncClient | None = None

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """The answer, whatever its status. Raises ChannelError where nothing was sent, CutOff
        where nobody knows."""
        if self._http is None:
            self._http = http.client(connections=2)
        try:
            request = self._http.build_request(
                method, url, headers=dict(headers or {}), params=dict(params or {}) or None,
                content=content,
            )  # fmt: skip
            return self._runner.run(http.send(self._http, request))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise ChannelError(f"The address of {self.name} cannot be called") from error
        except (httpx.RequestError, http.RefusedAddress) as error:
            if never_left(error):
                raise ChannelError(f"{self.name} could not be reached") from error
            raise CutOff(f"The line to {self.name} broke before it answered") from error

    def close(self) -> None:
        if self._http is not None:
            self._runner.run(self._http.aclose())
        self._runner.close()


def check_status(response: httpx.Response, name: str, *, said: str = "") -> None:
    """Raise what an answer's status decides; a 2xx raises nothing. `said`: the API's own words.

    A refused key (401, 403) is set-up to be corrected, so the message waits for it.
    """
    status = response.status_code
    if response.is_success:
        return
    words = f"{name} answered {status}" + (f": {said}" if said else "")
    if status in _DOUBTFUL:
        raise CutOff(words[:280])
    raise ChannelError(
        words[:280], permanent=status in _HOPELESS, retry_after=retry_after(response.headers)
    )


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Seconds that `Retry-After` asks for, written as a number or as a date (RFC 9110, 10.2.3)."""
    given = headers.get("retry-after", "").strip()
    if given.isdecimal():
        return float(given)
    try:
        at = parsedate_to_datetime(given)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())


def json_of(response: httpx.Response) -> Any:
    """The answer's body as JSON; None where it is none."""
    try:
        return json.loads(response.content)
    except ValueError:
        return None


def at_path(content: Any, path: str) -> str:
    """The plain value at "data.messages.0.id" of a JSON value, as text; "" where there is none."""
    here = content
    for part in filter(None, path.replace("[", ".").replace("]", "").split(".")):
        if isinstance(here, Mapping) and part in here:
            here = here[part]
        elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            return ""
    if isinstance(here, bool):
        return "true" if here else "false"
    return "" if isinstance(here, Mapping | list) or here is None else str(here)
