"""The pages of vouchers: all rules, one rule with its codes."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.form_fields import components, general_error
from dashboard.message_log import message_tabs
from dashboard.shell import address, go, page
from dashboard.uploading import sends_too_much
from dashboard.vouchers.form import FIELDS, VoucherForm, values_of
from lib.formats import listing
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from notifications.goodwill.codes import Uploaded, add_codes, codes_left
from notifications.models import Voucher, VoucherRule

MOST_BYTES: Final = 5_000_000
_SHOWN: Final = 50


@require_safe
@member_view(Role.VIEWER)
def vouchers(request: MerchantRequest) -> HttpResponseBase:
    """Every rule, and how many codes it gave."""
    rules = VoucherRule.objects.annotate(
        given=Count("vouchers", filter=Q(vouchers__given_at__isnull=False))
    ).order_by("pk")
    new = {"label": _("New rule"), "url": address(request, "voucher_new"), "icon": "plus"}
    context = {
        "views": message_tabs(request, "vouchers"),
        "sentence": _("Something back for waiting: by rule, with a cap, each code once."),
        "action": new if may(request.role, Role.ADMIN) else None,
        "rows": [_row(request, rule) for rule in rules],
        "empty": _("No rule yet. Whoever waits too long gets nothing but our apology."),
    }
    return page(request, "vouchers/all.html", context, current="messages")


def _row(request: MerchantRequest, rule: VoucherRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "url": address(request, "voucher", rule.pk),
        "sentence": in_words(rule),
        "given": rule.given,
        **_state(rule),
    }


def in_words(rule: VoucherRule) -> str:
    """The rule as a sentence."""
    late = ngettext(
        "More than %(n)s day late: %(worth)s.", "More than %(n)s days late: %(worth)s.",
        rule.least_days,
    ) % {"n": rule.least_days, "worth": rule.worth}  # fmt: skip
    cap = _("At most %(most)s in %(days)s days.") % {"most": rule.most, "days": rule.period_days}
    return f"{late} {cap}"


def _state(rule: VoucherRule) -> dict[str, str]:
    if not rule.is_on:
        return {"tone": "quiet", "icon": "pause", "state": _("Off")}
    left = codes_left(rule)
    if left == 0:
        return {"tone": "act", "icon": "circle-alert", "state": _("No codes left")}
    if rule.stopped_at is not None:
        return {"tone": "wait", "icon": "circle-alert", "state": _("Cap met")}
    return {"tone": "good", "icon": "check", "state": _("On")}


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def new(request: MerchantRequest) -> HttpResponseBase:
    """A rule that is not there yet."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def edit(request: MerchantRequest, voucherrule_id: int) -> HttpResponseBase:
    """One rule: its settings, its codes, who was given one."""
    return _form(request, get_object_or_404(VoucherRule, pk=voucherrule_id))


def _form(request: MerchantRequest, rule: VoucherRule | None) -> HttpResponseBase:
    form = VoucherForm(request.POST or None, initial=values_of(rule))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        if rule is None:
            rule = VoucherRule.objects.create(merchant=request.merchant, **values)
        else:
            VoucherRule.objects.filter(pk=rule.pk).update(**values, stopped_at=None)
        record(
            merchant=request.merchant, user=request.user, action="vouchers.changed",
            subject=values["name"], days=values["least_days"], most=values["most"],
        )  # fmt: skip
        messages.success(request, _("Saved. It counts from the next look, within a minute."))
        return go(request, "voucher", rule.pk)
    context = {
        "title": rule.name if rule else _("New voucher rule"),
        "sentence": in_words(rule) if rule else _("Who waits too long gets a code by e-mail."),
        "crumbs": [{"label": _("Vouchers"), "url": address(request, "vouchers")}],
        "fields": components(form),
        "form_error": general_error(form),
        **_codes(request, rule, clock_for(request.merchant)),
    }
    status = 400 if form.is_bound else 200
    return page(request, "vouchers/one.html", context, current="messages", status=status)


def _codes(request: MerchantRequest, rule: VoucherRule | None, clock: Clock) -> dict[str, Any]:
    """What the page shows beside the form."""
    if rule is None:
        return {"rows": [], "upload_url": "", "left": ""}
    given = Voucher.objects.filter(rule=rule, given_at__isnull=False).select_related("order")
    left = codes_left(rule)
    return {
        "upload_url": "" if rule.pattern else address(request, "voucher_codes", rule.pk),
        "left": ""
        if left is None
        else ngettext("%(n)s code is left.", "%(n)s codes are left.", left) % {"n": left},
        "rows": [
            {
                "code": one.code,
                "order": one.order.number if one.order else "",
                "url": address(request, "order", one.order_id) if one.order_id else "",
                "days": one.days_late,
                **clock.pair(one.given_at),
            }
            for one in given.order_by("-given_at", "-pk")[:_SHOWN]
        ],
    }


@require_POST
@member_view(Role.ADMIN)
def codes(request: MerchantRequest, voucherrule_id: int) -> HttpResponseBase:
    """Take a file of codes, one a line."""
    if sends_too_much(request, most=MOST_BYTES):
        messages.error(request, _("The file is larger than 5 MB."))
        return go(request, "voucher", voucherrule_id)
    rule = get_object_or_404(VoucherRule, pk=voucherrule_id)
    file = request.FILES.get("codes")
    try:
        text = file.read().decode("utf-8-sig") if file else ""
    except UnicodeDecodeError:
        messages.error(request, _("This is no text file. Save it as UTF-8, one code a line."))
        return go(request, "voucher", rule.pk)
    found = add_codes(rule=rule, text=text)
    record(
        merchant=request.merchant, user=request.user, action="vouchers.codes",
        subject=rule.name, new=found.new, known=found.known,
    )  # fmt: skip
    (messages.warning if found.broken or not found.new else messages.success)(
        request, _upload_words(found)
    )
    return go(request, "voucher", rule.pk)


def _upload_words(found: Uploaded) -> str:
    said = [ngettext("%(n)s new code.", "%(n)s new codes.", found.new) % {"n": found.new}]
    if found.known:
        known = ngettext("%(n)s was there already.", "%(n)s were there already.", found.known)
        said.append(known % {"n": found.known})
    if found.broken:
        lines = listing([str(line) for line in found.broken[:10]], "en")
        said.append(_("Not a code, in line: %(lines)s.") % {"lines": lines})
    return " ".join(said)
