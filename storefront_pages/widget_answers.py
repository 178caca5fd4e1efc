"""The widget's answers: made once for a question, kept in the process for less than a minute."""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from edd.estimate import Rules
from edd.quote_counts import Node, node_of
from edd.quotes import Ask, Quote, quote, seal, shape
from edd.rules_at_hand import RULES
from help_texts.shown import standing
from lib.at_hand import Kept
from lib.formats import is_rtl
from storefront_pages.banners import Place, day_ends
from storefront_pages.date_promise import date_promise, duration_patterns
from storefront_pages.widget_door import Door

#: The countdown is told in minutes, so that an answer may be as old as one.
MOST_SECONDS: Final = 60
#: Answers kept at most; those that nobody asks for go first.
_MOST: Final = 4_000


@dataclass(frozen=True, slots=True)
class Answer:
    """The body, what it is known by, until when it is right, and what is counted for it."""

    body: bytes
    etag: str
    until: datetime
    node: Node

    def seconds_left(self, now: datetime) -> int:
        return max(math.floor((self.until - now).total_seconds()), 0)


_Key = tuple[int, int, Ask, str]
_answers: OrderedDict[_Key, Answer] = OrderedDict()
_lock = threading.Lock()


def answer(door: Door, ask: Ask, *, language: str, now: datetime) -> Answer | None:
    """The answer; None where there is nothing to say: the rules cannot be read, and the merchant
    wants no other days shown."""
    rules = RULES.get(door.merchant_id)
    if rules is None:
        return _fallback(door, ask, language=language, now=now)
    key = (door.merchant_id, rules.number, ask, language)
    with _lock:
        found = _answers.get(key)
        if found is not None:
            _answers.move_to_end(key)
    if found is None or found.until <= now or rules.stale:
        found = _made(door, quote(rules.value, ask, now=now), rules, language=language, now=now)
        with _lock:
            _answers[key] = found
            while len(_answers) > _MOST:
                _answers.popitem(last=False)
    return found


def warm(*, now: datetime) -> None:
    """Load what a process's first answer needs, which takes half a second: every country's
    holidays, and each language's words. Asks nobody."""
    for language, _name in settings.LANGUAGES:
        nobody = Door(0, "AE", "Asia/Dubai", frozenset(), (language,), answers_usual_days=True)
        _fallback(nobody, Ask(country="SA"), language=language, now=now)


def forget() -> None:
    """Make every answer anew."""
    with _lock:
        _answers.clear()


def _fallback(door: Door, ask: Ask, *, language: str, now: datetime) -> Answer | None:
    if not door.answers_usual_days:
        return None
    usual = Rules(zone=door.zone, country=door.country)
    given = quote(usual, ask, now=now, fallback=True)
    return _made(door, given, None, language=language, now=now)


def _counting(said: dict[str, Any]) -> dict[str, str]:
    """What a script needs to count down, and to ask where to, without words of its own.

    Scripts know the moment as {within}, whether it is so long or until then; `within` is empty
    where hours and minutes stand in the sentence.
    """
    return {
        "sentence": said["sentence"].replace("{until}", "{within}"),
        "within": said["until"],
        **duration_patterns(),
        "delivery": _("Delivery to %(place)s") % {"place": said["place"]},
        "change": _("Deliver somewhere else"),
    }


def _made(
    door: Door, given: Quote, rules: Kept[Rules] | None, *, language: str, now: datetime
) -> Answer:
    is_stale = rules is None or rules.stale
    fields: dict[str, Any] = shape(given, rules_at=rules.read_at if rules else None, stale=is_stale)
    with translation.override(language):
        words = date_promise(
            given.promise, country=given.ask.country, city=given.ask.city, language=language
        )
        fields["words"] = _counting(words)
    fields |= {"language": language, "banner": _banner(door, given, language, now)}
    fields["direction"] = "rtl" if is_rtl(language) else "ltr"
    fields |= {name: str(words[name]) for name in ("text", "html", "window", "place")}
    fields["quote"] = seal(given, merchant_id=door.merchant_id)
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    # What stands in for the rules is asked for again soon.
    most = 5 if is_stale else MOST_SECONDS
    return Answer(
        body=body,
        etag=f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
        until=min(given.promise.order_by, day_ends(door.zone, now), now + timedelta(seconds=most)),
        node=node_of(given, merchant_id=door.merchant_id),
    )


def _banner(door: Door, given: Quote, language: str, now: datetime) -> dict[str, str] | None:
    """What the shop says above the date today; an answer is no older than the shop's day."""
    found = standing(
        door.banners,
        place=Place.WIDGET,
        language=language,
        usual=door.languages[0],
        today=now.astimezone(ZoneInfo(door.zone)).date(),
        country=given.ask.country,
    )
    return asdict(found) if found else None
