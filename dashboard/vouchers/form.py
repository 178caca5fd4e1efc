"""A rule for vouchers, as it is typed."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.goodwill.codes import LEAST_PLACES
from notifications.models import VoucherRule

FIELDS: Final = (
    "name", "worth", "least_days", "pattern", "most", "period_days", "most_each", "is_on",
)  # fmt: skip


class VoucherForm(forms.Form):
    """When somebody is given a voucher, which, and how many at most."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For you and your team."))
    worth = forms.CharField(
        label=_("What it is worth"),
        max_length=120,
        help_text=_("As customers read it: “20 dirhams off your next order”."),
    )
    least_days = forms.IntegerField(
        label=_("Given after more than … days beyond the promised day"), min_value=0, max_value=60
    )
    pattern = forms.CharField(
        label=_("Codes are made like this"),
        max_length=40,
        required=False,
        help_text=_("Each # becomes a letter or a digit: SORRY-######. Empty: upload codes."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    most = forms.IntegerField(label=_("At most so many"), min_value=1, max_value=100_000)
    period_days = forms.IntegerField(label=_("… in so many days"), min_value=1, max_value=366)
    most_each = forms.IntegerField(
        label=_("… and to one customer in a year"), min_value=1, max_value=50
    )
    is_on = forms.BooleanField(label=_("On"), required=False)

    def clean_pattern(self) -> str:
        pattern = str(self.cleaned_data["pattern"]).strip()
        if pattern and pattern.count("#") < LEAST_PLACES:
            raise forms.ValidationError(
                _("With fewer than %(n)s places (#) codes can be guessed.") % {"n": LEAST_PLACES}
            )
        if any(sign.isspace() for sign in pattern):
            raise forms.ValidationError(_("A code has no spaces."))
        return pattern


def values_of(rule: VoucherRule | None) -> dict[str, Any]:
    """What the form begins with."""
    rule = rule or VoucherRule()
    return {name: getattr(rule, name) for name in FIELDS}
