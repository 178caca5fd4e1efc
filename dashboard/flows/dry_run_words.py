"""How a dry run stands and what it found, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.clock import Clock
from dashboard.message_log import reason_label
from lib import formats
from notifications.channels.registry import label_of
from notifications.dry_run.tallying import SAMPLE
from notifications.models import DryRun
from notifications.triggers import TRIGGERS

_State = DryRun.State
#: Tone, icon and word of each state, for the pill.
_PILLS: Final[dict[str, tuple[str, str, Promise]]] = {
    _State.WAITING: ("moving", "clock", gettext_lazy("Waiting")),
    _State.RUNNING: ("moving", "loader-circle", gettext_lazy("Running")),
    _State.DONE: ("good", "circle-check", gettext_lazy("Done")),
    _State.FAILED: ("act", "circle-alert", gettext_lazy("Failed")),
}


def line(run: DryRun, clock: Clock) -> dict[str, Any]:
    """One row of what was tried before."""
    tone, icon, label = _PILLS[run.state]
    who = run.asked_by
    return {
        "what": _what(run),
        "pill": {"tone": tone, "icon": icon, "label": label},
        "who": (who.name or who.email) if who else _("Somebody who left"),
        **clock.pair(run.created_at),
    }


def _what(run: DryRun) -> str:
    if not run.ruling:
        return _("All rules as they are")
    return run.ruling.get("name") or str(TRIGGERS[run.ruling["trigger"]].label)


def progress(run: DryRun) -> dict[str, Any]:
    """What `components/progress.html` takes."""
    if run.state == _State.WAITING:
        return {"label": _("Waiting for its turn"), "value": 0, "detail": ""}
    label = _("Telling the last 30 days anew, to nobody")
    return {"label": label, "value": run.progress, "detail": f"{run.progress} %"}


def failure(run: DryRun) -> str:
    """Why it failed; "" where it did not."""
    if run.state != _State.FAILED:
        return ""
    if run.problem == "too_long":
        return _("It took too long and was stopped.")
    return _("It was interrupted three times. It can be tried again.")


def result(found: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    """For `flows/_result.html`."""
    today, tried = found["today"], found["tried"]
    shown = tried or today
    return {
        "sentence": _answer(found, clock.language),
        "about": _about(found, clock),
        "stats": _stats(shown, today if tried else None, clock.language),
        "lines": _lines(shown, today if tried else None, clock.language),
        "topics": _counts(shown["topics"], _topic, clock.language),
        "unsent": _counts(shown["unsent"], reason_label, clock.language),
        "estimate": _("Parts and cost are estimated: of each message and language up to %(n)s texts"
                      " were written out and measured.") % {"n": SAMPLE},
    }  # fmt: skip


def _answer(found: Mapping[str, Any], language: str) -> str:
    today, tried = found["today"], found["tried"]
    if not found["orders"]:
        return _("Nothing happened to any order in the last 30 days.")
    if tried is None:
        n = today["sent"]
        return ngettext(
            "Your rules would have sent %(n)s message.",
            "Your rules would have sent %(n)s messages.",
            n,
        ) % {"n": formats.number(n, language)}
    more = tried["sent"] - today["sent"]
    night = tried["night"] - today["night"]
    if not more and not night:
        return _("As many messages as by your rules today.")
    return (
        _("%(more)s messages against your rules today; at night: %(night)s.")
        % {
            "more": signed(more, language),
            "night": signed(night, language),
        }
        if night
        else _("%(more)s messages against your rules today; at night as many.")
        % {"more": signed(more, language)}
    )


def signed(n: int, language: str) -> str:
    """ "+420", "−38", "±0"."""
    mark = "+" if n > 0 else "−" if n < 0 else "±"
    text = f"{mark}{formats.number(abs(n), language)}"
    # Isolated, so that the mark stays before its number among Arabic letters.
    return f"\u2066{text}\u2069" if formats.is_rtl(language) else text


def _about(found: Mapping[str, Any], clock: Clock) -> str:
    n = found["parcels"]
    since, until = (
        datetime.fromisoformat(found[name]).astimezone(clock.zone).date()
        for name in ("since", "until")
    )
    return ngettext(
        "%(n)s parcel, %(window)s, in %(seconds)s s. Nobody was written to.",
        "%(n)s parcels, %(window)s, in %(seconds)s s. Nobody was written to.",
        n,
    ) % {
        "n": formats.number(n, clock.language),
        "window": clock.window(since, until),
        "seconds": formats.number(Decimal(str(found.get("seconds", 0))), clock.language),
    }


def _stats(
    shown: Mapping[str, Any], before: Mapping[str, Any] | None, language: str
) -> list[dict[str, str]]:
    """Figures with today's beside them."""
    names = (
        ("sent", _("Messages")),
        ("night", _("At night, and loud")),
        ("late", _("After the parcel was delivered")),
        ("seen", _("Seen on the page before")),
    )
    stats = [
        {
            "label": label,
            "value": formats.number(shown[name], language),
            "detail": _beside(shown[name], before[name] if before else None, language),
        }
        for name, label in names
    ]
    cost = _cost(_whole_cost(shown), language)
    if cost:
        was = _cost(_whole_cost(before), language) if before else ""
        detail = _("today %(n)s") % {"n": was or formats.number(0, language)} if before else ""
        stats.append({"label": _("Cost"), "value": cost, "detail": detail})
    return stats


def _beside(n: int, before: int | None, language: str) -> str:
    if before is None:
        return ""
    return _("today %(n)s, %(more)s") % {
        "n": formats.number(before, language),
        "more": signed(n - before, language),
    }


def _lines(
    shown: Mapping[str, Any], before: Mapping[str, Any] | None, language: str
) -> list[dict[str, str]]:
    was = {
        (one["channel"], one["language"]): one["n"] for one in (before["lines"] if before else ())
    }
    names = formats.locale_of(language).languages
    rows = []
    for one in shown["lines"]:
        n = was.pop((one["channel"], one["language"]), 0)
        rows.append(_line(one, n, names, language, has_before=before is not None))
    for (channel, spoken), n in was.items():
        gone = {"channel": channel, "language": spoken, "n": 0, "parts": 0, "cost": {}}
        rows.append(_line(gone, n, names, language, has_before=True))
    return rows


def _line(
    one: Mapping[str, Any],
    before: int,
    names: Mapping[str, str],
    language: str,
    *,
    has_before: bool,
) -> dict[str, str]:
    return {
        "channel": label_of(one["channel"]),
        "language": str(names.get(one["language"].replace("-", "_"), one["language"])),
        "n": formats.number(one["n"], language),
        "before": formats.number(before, language) if has_before else "",
        "parts": formats.number(one["parts"], language) if one["parts"] else "–",
        "cost": _cost(one["cost"], language) or "–",
    }


def _whole_cost(found: Mapping[str, Any]) -> dict[str, float]:
    whole: dict[str, float] = {}
    for one in found["lines"]:
        for code, paid in one["cost"].items():
            whole[code] = whole.get(code, 0.0) + paid
    return whole


def _cost(paid: Mapping[str, float], language: str) -> str:
    amounts = [formats.money(Decimal(str(n)), code, language) for code, n in paid.items()]
    return formats.listing(amounts, language) if amounts else ""


def _topic(slug: str) -> str:
    return str(TRIGGERS[slug].label) if slug in TRIGGERS else slug


def _counts(
    counts: Mapping[str, int], label: Callable[[str], str], language: str
) -> list[dict[str, str]]:
    """The most frequent first."""
    return [
        {"label": label(name), "n": formats.number(n, language)}
        for name, n in sorted(counts.items(), key=lambda one: -one[1])
    ]
