"""One product: what it is called, where it is bought, how long it lasts, what goes with it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.form_fields import components, general_error
from dashboard.selling.product_file import MOST_DAYS
from dashboard.selling.promotion_form import web_link, words_of
from dashboard.shell import address, go, page
from lib.formats import is_rtl
from lib.languages import OWN_NAMES
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from selling import catalogue
from selling.catalogue import Listed, keys_of
from selling.models import Product
from storefront_pages.languages import written

_LTR: Final = {"dir": "ltr", "autocomplete": "off", "placeholder": "https://"}


class ProductForm(forms.Form):
    """`codes` are the languages that the shop writes in, its own first. The name that orders gave
    stands for that one, where a list has not named it in it."""

    title = forms.CharField(label=gettext_lazy("Name of the product"), max_length=300)
    url = forms.CharField(
        label=gettext_lazy("Its page in your shop"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Without it the product is never offered."),
        widget=forms.TextInput(attrs=_LTR),
    )
    image_url = forms.CharField(
        label=gettext_lazy("Address of a picture"), max_length=500, required=False,
        widget=forms.TextInput(attrs=_LTR),
    )  # fmt: skip
    lasts_days = forms.IntegerField(
        label=gettext_lazy("Lasts so many days"),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
        help_text=gettext_lazy(
            "So long after its delivery somebody needs it again. Empty: it does not run out."
        ),
    )
    goes_with = forms.CharField(
        label=gettext_lazy("Goes with"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy(
            "SKUs or names, with commas between, the best first. What is often bought together is "
            "added by itself."
        ),
    )
    is_on = forms.BooleanField(label=gettext_lazy("Pages may offer it"), required=False)

    def __init__(self, data: QueryDict | None, *, codes: list[str], product: Product) -> None:
        own, *others = codes
        self.others = [own, *others] if own in product.titles else others
        super().__init__(data, initial=_initial(product, self.others))
        for code in self.others:
            attrs = {"lang": code, "dir": "rtl" if is_rtl(code) else "ltr"}
            self.fields[f"title_{code}"] = forms.CharField(
                label=OWN_NAMES[code], max_length=300, required=False,
                widget=forms.TextInput(attrs=attrs),
            )  # fmt: skip
        self.order_fields(["title", *(f"title_{code}" for code in self.others)])

    def clean_url(self) -> str:
        return web_link(self.cleaned_data["url"], schemes=["http", "https"])

    def clean_image_url(self) -> str:
        return web_link(self.cleaned_data["image_url"], schemes=["https"])

    def clean_goes_with(self) -> tuple[str, ...]:
        words = words_of(self.cleaned_data["goes_with"])
        keys = keys_of(words)
        unknown = next((word for word in words if word not in keys), "")
        if unknown:
            raise forms.ValidationError(
                _("“%(name)s” is no product of this shop.") % {"name": unknown}
            )
        return tuple(dict.fromkeys(keys[word] for word in words))

    def listed(self, product: Product) -> Listed:
        typed = self.cleaned_data
        return Listed(
            title=typed["title"],
            sku=product.sku,
            external_id=product.external_id,
            titles=self._titles(product),
            url=typed["url"],
            image_url=typed["image_url"],
            price=product.price,
            currency=product.currency,
            lasts_days=typed["lasts_days"],
            goes_with=typed["goes_with"],
        )

    def _titles(self, product: Product) -> dict[str, str]:
        """What is typed by language; languages that the shop left keep theirs."""
        typed = {code: self.cleaned_data[f"title_{code}"] for code in self.others}
        return {code: title for code, title in (product.titles | typed).items() if title}


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def edit(request: MerchantRequest, product_id: int) -> HttpResponseBase:
    """What a person says here, orders change no more."""
    product = get_object_or_404(Product, pk=product_id)
    form = ProductForm(
        request.POST if request.method == "POST" else None,
        codes=written(request.merchant),
        product=product,
    )
    if form.is_bound and form.is_valid():
        catalogue.change(
            product=product,
            listed=form.listed(product),
            is_on=form.cleaned_data["is_on"],
            now=timezone.now(),
        )
        record(
            merchant=request.merchant, user=request.user, action="product.changed",
            subject=product.title[:120],
        )  # fmt: skip
        messages.success(request, _("Saved. Pages show it from now on."))
        return go(request, "products")
    context: dict[str, Any] = {
        "title": product.title,
        "sentence": product.sku,
        "crumbs": [{"label": _("Products"), "url": address(request, "products")}],
        "fields": components(form),
        "form_error": general_error(form),
        "image": product.image_url,
        "bought_with": _titles(product.bought_with),
        "remove_url": address(request, "product_remove", product.pk),
    }
    status = 400 if form.is_bound else 200
    return page(request, "selling/product.html", context, current="promotions", status=status)


@require_POST
@member_view(Role.ADMIN)
def remove(request: MerchantRequest, product_id: int) -> HttpResponseBase:
    """It goes; an order that names it brings it back."""
    product = get_object_or_404(Product, pk=product_id)
    record(
        merchant=request.merchant, user=request.user, action="product.removed",
        subject=product.title[:120],
    )  # fmt: skip
    catalogue.remove(product=product)
    messages.success(request, _("The product is gone. An order that names it brings it back."))
    return go(request, "products")


def _initial(product: Product, others: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: getattr(product, name)
        for name in ("title", "url", "image_url", "lasts_days", "is_on")
    }
    found |= {f"title_{code}": product.titles.get(code, "") for code in others}
    return found | {"goes_with": ", ".join(_titles(product.goes_with))}


def _titles(keys: list[str]) -> list[str]:
    """What these products are called, in this order: by SKU, else by title."""
    found = {one.key: one.sku or one.title for one in Product.objects.filter(key__in=keys)}
    return [found[key] for key in keys if key in found]
