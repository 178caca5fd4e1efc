"""Step two: logo, colour and a line. The page beside follows while one types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dashboard.form_fields import components
from dashboard.logo_check import REFUSED, NotALogo, logo_type
from dashboard.setup.frame import onward, preview_url, setup_page
from dashboard.shell import address
from merchants.access import MerchantRequest, member_view
from merchants.founding import note_step
from merchants.looks import brand_of, publish_at_once
from merchants.models import Role
from storefront_pages.colours import is_hex, readable_on
from storefront_pages.style import LIGHT


class _ColourInput(forms.TextInput):
    """The browser's own colour picker; it always sends #rrggbb."""

    input_type = "color"


class LookForm(forms.Form):
    """The few things that make a page look like the shop's."""

    logo_file = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, SVG or WebP, up to 200 kB."),
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.webp"}),
    )
    accent = forms.CharField(label=gettext_lazy("Your colour"), max_length=7, widget=_ColourInput())
    tagline = forms.CharField(label=gettext_lazy("Closing line"), max_length=140, required=False)

    def clean_accent(self) -> str:
        accent = str(self.cleaned_data["accent"]).strip().lower()
        if not is_hex(accent):
            raise forms.ValidationError(gettext_lazy("Enter a colour such as #2f5bd7."))
        return accent

    def clean_logo_file(self) -> tuple[bytes, str] | None:
        """The picture and its type, by its content."""
        upload = self.cleaned_data.get("logo_file")
        if upload is None:
            return None
        content = upload.read(200_001)
        try:
            return content, logo_type(content)
        except NotALogo as problem:
            raise forms.ValidationError(str(REFUSED[problem.reason])) from problem


def look(request: MerchantRequest) -> HttpResponseBase:
    """Saved and live at once: there is no customer yet who could see a half-done look."""
    brand = brand_of(request.merchant)
    if request.method == "POST":
        form = LookForm(request.POST, request.FILES)
        if form.is_valid():
            _save(request, form.cleaned_data)
            response = redirect(onward(request, "look"))
            response.status_code = 303
            return response
    else:
        form = LookForm(initial={"accent": brand.accent, "tagline": brand.tagline})
    typed = {name: str(form[name].value() or "") for name in ("accent", "tagline")}
    context: dict[str, Any] = {
        "fields": components(form),
        "logo_url": f"{address(request, 'logo')}?v={brand.version}" if brand.logo_type else "",
        "tone": contrast_words(typed["accent"]),
        "tone_url": address(request, "setup_tone"),
        "preview_url": preview_url(request, **typed),
        "submit": _("Save and go on"),
    }
    status = 400 if form.is_bound else 200
    return setup_page(request, "look", "look.html", context, status=status)


@require_POST
@member_view(Role.ADMIN)
def tone(request: MerchantRequest) -> HttpResponseBase:
    """What becomes of the colour that is chosen, and the page in it; nothing is saved."""
    accent = str(request.POST.get("accent", ""))
    tagline = str(request.POST.get("tagline", ""))[:140]
    context = {
        "tone": contrast_words(accent),
        "preview_url": preview_url(request, accent=accent, tagline=tagline),
        "swaps": True,
    }
    return TemplateResponse(request, "setup/_tone.html", context)


def contrast_words(accent: str) -> dict[str, str]:
    """Whether a colour is moved until it can be seen, and to what; empty for no colour."""
    if not is_hex(accent):
        return {}
    seen = readable_on(accent, LIGHT, ratio=3.0)
    if seen == accent.lower():
        return {"text": _("This colour can be read as it is."), "before": "", "after": ""}
    words = _("This colour is too pale for lines and dots on white: there it is drawn darker.")
    return {"text": words, "before": accent.lower(), "after": seen}


def _save(request: MerchantRequest, typed: dict[str, Any]) -> None:
    """Only what was changed here goes live; a draft in the editor stays a draft."""
    values: dict[str, Any] = {"accent": typed["accent"], "tagline": typed["tagline"]}
    if typed["logo_file"] is not None:
        values |= dict(zip(("logo", "logo_type"), typed["logo_file"], strict=True))
    publish_at_once(merchant=request.merchant, by=request.user, values=values)
    note_step(merchant=request.merchant, step="look", outcome="done")
