"""A wrong tracking number in words: what is wrong, and where."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from carriers.number_check import LONGEST, SHORTEST, Problem
from carriers.registry import name_of


def explain(problem: Problem) -> str:
    """One sentence for the person who typed it."""
    if problem.kind == "character":
        words = _("“%(letter)s” in place %(n)s cannot be part of a tracking number.")
        return words % {"letter": problem.text, "n": problem.position}
    if problem.kind in {"short", "long"}:
        return _length(problem)
    if problem.kind == "no_digit":
        return _("A tracking number has digits; this one has none.")
    if problem.kind == "check_digit":
        if problem.carrier == "s10":
            return _(
                "This looks like a postal number, but its check digit does not fit: one character"
                " is wrong. Compare it with the label."
            )
        words = _(
            "This looks like a number of %(carrier)s, but its check digit does not fit: one"
            " character is wrong. Compare it with the label."
        )
        return words % {"carrier": name_of(problem.carrier, language=get_language() or "en")}
    return _("Enter the tracking number.")


def _length(problem: Problem) -> str:
    found = ngettext(
        "This has %(n)s letter or digit", "This has %(n)s letters and digits", problem.length
    ) % {"n": problem.length}
    if problem.kind == "short":
        rest = _("tracking numbers have at least %(least)s.") % {"least": SHORTEST}
    else:
        rest = _("tracking numbers have at most %(most)s.") % {"most": LONGEST}
    return _("%(found)s; %(rest)s") % {"found": found, "rest": rest}
