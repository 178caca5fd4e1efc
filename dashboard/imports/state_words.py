"""How an import stands and what came of it, in words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.clock import Clock
from lib.formats import number
from stores.models import OrderImport

_State = OrderImport.State
#: Tone, icon and word of each state, for the pill.
STATES: Final[dict[str, tuple[str, str, Promise]]] = {
    _State.DRAFT: ("wait", "pencil", gettext_lazy("Not started")),
    _State.READING: ("moving", "loader-circle", gettext_lazy("Reading")),
    _State.SAVING: ("moving", "loader-circle", gettext_lazy("Saving")),
    _State.DONE: ("good", "circle-check", gettext_lazy("Imported")),
    _State.FAILED: ("act", "circle-alert", gettext_lazy("Failed")),
    _State.UNDOING: ("moving", "loader-circle", gettext_lazy("Undoing")),
    _State.UNDONE: ("quiet", "undo-2", gettext_lazy("Undone")),
}


def pill(job: OrderImport) -> dict[str, Any]:
    tone, icon, label = STATES[job.state]
    return {"tone": tone, "icon": icon, "label": label}


def orders_words(count: int, language: str) -> str:
    n = number(count, language)
    return ngettext("%(n)s order", "%(n)s orders", count) % {"n": n}


def rows_words(count: int, language: str) -> str:
    n = number(count, language)
    return ngettext("%(n)s row", "%(n)s rows", count) % {"n": n}


def outcome(job: OrderImport, language: str) -> str:
    """The one sentence that a finished import is for."""
    if job.state == _State.UNDONE:
        return _undone(job, language)
    words = {"orders": orders_words(job.orders, language)}
    if not job.orders:
        return _("No order went in.")
    if job.orders_unchanged == job.orders:
        return ngettext(
            "The one order is known already. Nothing was changed.",
            "All %(orders)s are known already. Nothing was changed.",
            job.orders,
        ) % {"orders": orders_words(job.orders, language)}  # fmt: skip
    if job.orders_new == job.orders:
        return _("%(orders)s imported, all of them new.") % words
    return _("%(orders)s read, %(new)s of them new.") % (
        words | {"new": number(job.orders_new, language)}
    )


def _undone(job: OrderImport, language: str) -> str:
    removed = orders_words(job.orders_removed, language)
    if not job.orders_kept:
        return _("Undone: %(removed)s removed.") % {"removed": removed}
    kept = orders_words(job.orders_kept, language)
    return _("Undone: %(removed)s removed, %(kept)s kept.") % {"removed": removed, "kept": kept}


def progress(job: OrderImport, clock: Clock) -> dict[str, Any]:
    """What `components/progress.html` takes while a worker is at it."""
    language = clock.language
    if job.state == _State.UNDOING:
        made = job.orders_new
        done = job.orders_removed + job.orders_kept
        label, done, whole = _("Removing what was imported"), done, orders_words(made, language)
        return _bar(label, done, made, whole, "", language)
    whole = rows_words(job.rows, language)
    if job.state == _State.READING:
        return _bar(_("Reading the file"), job.rows_read, job.rows, whole, "", language)
    left = _left(job, clock)
    return _bar(_("Saving the orders"), job.rows_done, job.rows, whole, left, language)


def _bar(label: str, done: int, most: int, whole: str, left: str, language: str) -> dict[str, Any]:
    words = {"done": number(done, language), "whole": whole}
    detail = _("%(done)s of %(whole)s") % words
    return {
        "label": label,
        "value": done,
        "max": max(most, 1),
        "detail": f"{detail} · {left}" if left else detail,
    }


def _left(job: OrderImport, clock: Clock) -> str:
    """About how long it still takes, by how long it has taken; "" before that can be said."""
    if job.started_at is None or not job.rows_done:
        return ""
    taken = (clock.now - job.started_at).total_seconds()
    left = taken * (job.rows - job.rows_done) / job.rows_done
    if taken < 3:
        return ""
    if left < 90:
        seconds = max(round(left / 5) * 5, 5)
        return ngettext(
            "about %(n)s second left", "about %(n)s seconds left", seconds
        ) % {"n": seconds}  # fmt: skip
    minutes = round(left / 60)
    return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": minutes}
