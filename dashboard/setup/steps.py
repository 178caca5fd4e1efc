"""The five steps of a new shop: what each is called, what became of it, which comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from carriers.models import CarrierAccount
from dashboard.shell import address
from merchants.access import MerchantRequest
from merchants.founding import STEPS
from merchants.models import Brand, Merchant
from stores.models import StoreConnection
from stores.sandbox_orders import SLUG
from tracking.models import Order

LABELS: Final[dict[str, Promise]] = {
    "shop": pgettext_lazy("set-up", "Name and country"),
    "look": pgettext_lazy("set-up", "Look"),
    "carrier": pgettext_lazy("set-up", "First carrier"),
    "store": pgettext_lazy("set-up", "First orders"),
    "message": pgettext_lazy("set-up", "First message"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the set-up has come; `open_step` is the first that nobody did or skipped."""

    done: frozenset[str]
    open_step: str
    is_over: bool

    @property
    def is_complete(self) -> bool:
        return len(self.done) == len(STEPS)


def progress_of(merchant: Merchant) -> Progress:
    """What was done here, and what was done elsewhere: a carrier connected on its own page."""
    said = merchant.setup_steps
    done = {step for step, outcome in said.items() if outcome == "done" and step in STEPS}
    if merchant.setup_ended_at is None:
        done |= {step for step, is_done in _found(done).items() if is_done}
    waiting = [step for step in STEPS if step not in done]
    fresh = [step for step in waiting if step not in said]
    return Progress(
        done=frozenset(done),
        open_step=(*fresh, *waiting, STEPS[-1])[0],
        is_over=merchant.setup_ended_at is not None,
    )


def _found(done: set[str]) -> dict[str, bool]:
    looks: dict[str, Callable[[], bool]] = {
        "shop": lambda: True,
        "look": Brand.objects.filter(version__gt=1).exists,
        "carrier": CarrierAccount.objects.exists,
        "store": lambda: StoreConnection.objects.exists() or _has_own_orders(),
    }
    return {step: look() for step, look in looks.items() if step not in done}


def _has_own_orders() -> bool:
    """Orders of the sandbox are no beginning."""
    return Order.objects.exclude(shipments__carrier=SLUG).exists()


def after(step: str) -> str:
    """The step behind this one; "" after the last."""
    return (*STEPS, "")[STEPS.index(step) + 1]


def rows(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """For components/stepper.html."""
    done = progress_of(request.merchant).done
    return [
        {
            "label": LABELS[step],
            "url": address(request, "setup_step", step),
            "state": "current" if step == current else "done" if step in done else "next",
        }
        for step in STEPS
    ]


def rows_before_founding() -> list[dict[str, Any]]:
    """The same for a shop that is not there yet: nothing leads on."""
    return [
        {"label": LABELS[step], "url": "", "state": "current" if step == STEPS[0] else "next"}
        for step in STEPS
    ]
