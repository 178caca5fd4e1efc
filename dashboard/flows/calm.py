"""Quiet hours, budgets and old news: the small form below the journey."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.clock import Clock
from dashboard.form_fields import components
from dashboard.shell import address
from lib import formats
from merchants.access import MerchantRequest
from notifications.calm import Peace


def _clock(label: Any, *, required: bool = True, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"dir": "ltr"})
    widget.input_type = "time"
    return forms.TimeField(label=label, widget=widget, required=required, help_text=help_text)


class CalmForm(forms.Form):
    """The columns of `notifications.models.Calm`."""

    quiet_from = _clock(gettext_lazy("Quiet from"))
    quiet_to = _clock(gettext_lazy("Quiet until"))
    ramadan_from = _clock(gettext_lazy("In Ramadan from"), required=False)
    ramadan_to = _clock(gettext_lazy("In Ramadan until"), required=False)
    most_a_day = forms.IntegerField(
        label=gettext_lazy("Messages a day, at most"),
        help_text=gettext_lazy("For each reader of an order; urgent ones pass. 0: no limit."),
        min_value=0,
        max_value=50,
    )
    oldest_hours = forms.IntegerField(
        label=gettext_lazy("Hours after which news are old"),
        help_text=gettext_lazy("Learned later than this, they are not told. 0: always told."),
        min_value=0,
        max_value=24 * 14,
    )
    skip_seen = forms.BooleanField(
        label=gettext_lazy("Do not tell what the customer has seen on the page already"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("ramadan_from"), values.get("ramadan_to")
        if (first is None) != (last is None) and not self.errors:
            missing = "ramadan_from" if first is None else "ramadan_to"
            self.add_error(missing, _("Give both hours of Ramadan, or neither."))
        return values

    def peace(self) -> Peace:
        """What the valid form means."""
        values = dict(self.cleaned_data)
        return Peace(oldest=timedelta(hours=values.pop("oldest_hours")), **values)


def calm_block(
    request: MerchantRequest, peace: Peace, clock: Clock, *, form: CalmForm | None = None
) -> dict[str, Any]:
    """For `flows/_calm.html`."""
    shown = form or CalmForm(initial=_initial(peace))
    return {
        "sentence": _sentence(peace, clock.language),
        "fields": {field["name"]: field for field in components(shown)},
        "url": address(request, "message_calm"),
        "is_open": form is not None,
    }


def plain(peace: Peace) -> dict[str, Any]:
    """Every setting by name; `oldest` in hours."""
    values = {one.name: getattr(peace, one.name) for one in fields(peace)}
    return values | {"oldest": int(peace.oldest / timedelta(hours=1))}


def _initial(peace: Peace) -> dict[str, Any]:
    values = plain(peace)
    return values | {"oldest_hours": values["oldest"]}


def _sentence(peace: Peace, language: str) -> str:
    parts = []
    if peace.quiet_from == peace.quiet_to:
        parts.append(_("There are no quiet hours."))
    else:
        parts.append(
            _("Nothing rings between %(first)s and %(last)s at the reader’s place.")
            % {
                "first": formats.time_of_day(peace.quiet_from, language),
                "last": formats.time_of_day(peace.quiet_to, language),
            }
        )
    if peace.most_a_day:
        n = peace.most_a_day
        parts.append(
            ngettext(
                "Nobody gets more than %(n)s message a day that is not urgent.",
                "Nobody gets more than %(n)s messages a day that are not urgent.",
                n,
            )
            % {"n": n}
        )
    if peace.skip_seen:
        parts.append(_("What was seen on the page is not told again."))
    return " ".join(parts)
