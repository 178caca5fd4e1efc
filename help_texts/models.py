"""What a merchant writes to help its shoppers: questions with answers, and banners."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from merchants.owned import MerchantOwned


class Question(MerchantOwned):
    """A question of the merchant's own, or what the merchant changed about one of ours.

    `texts` are {language: {"question", "answer"}}; answers are plain text whose paragraphs are
    parted by blank lines, and may name things (`help_texts.filling`). `ours` is the key of our
    question (`storefront_pages.questions`), and then a language without a text keeps our words.
    """

    class Stage(models.TextChoices):
        """When a question is shown; which of them an order is in, its page decides."""

        ALWAYS = "always", _("Always")
        BEFORE = "before", _("Before it is sent")
        MOVING = "moving", _("While it is on its way")
        LATE = "late", _("When it is late")
        DELIVERED = "delivered", _("After it was delivered")
        BACK = "back", _("When it goes back, is lost or cancelled")

    ours = models.CharField(max_length=30, blank=True)
    texts = models.JSONField(default=dict)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ALWAYS)
    position = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "ours"], condition=~models.Q(ours=""), name="question_ours_once"
            ),
        ]
        indexes = [models.Index(fields=["merchant", "position", "id"], name="questions_in_order")]

    def __str__(self) -> str:
        return f"{self.ours or 'own'} question {self.pk} of {self.merchant_id}"


class Banner(MerchantOwned):
    """One line above everything, for busy days; `first` and `last` are days of the shop's zone,
    both included.

    `texts` are {language: text}, `places` some of `Place`, `countries` those that the parcel goes
    to ([]: all). `peak` is the key of the peak that it was suggested for, "" for none.
    """

    class Tone(models.TextChoices):
        QUIET = "quiet", pgettext_lazy("of a banner", "Information")
        WAIT = "wait", pgettext_lazy("of a banner", "It may take longer")
        GOOD = "good", pgettext_lazy("of a banner", "Good news")

    class Place(models.TextChoices):
        """Where it may stand. The order's page is the same wherever it is shown: by its link, in
        the shop's own page, in an app."""

        PAGE = "page", _("On the page of an order")
        LOOKUP = "lookup", _("On the look-up and the questions page")
        WIDGET = "widget", _("Beside the date on product, cart and checkout")
        MESSAGES = "messages", _("In the message that confirms an order")

    texts = models.JSONField(default=dict)
    tone = models.CharField(max_length=10, choices=Tone.choices, default=Tone.QUIET)
    first = models.DateField()
    last = models.DateField()
    places = models.JSONField(default=list)
    countries = models.JSONField(default=list)
    peak = models.CharField(max_length=40, blank=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="banner_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["merchant", "last"], name="banners_by_end")]

    def __str__(self) -> str:
        return f"banner {self.pk} of {self.merchant_id}, {self.first} to {self.last}"


class QuestionsPage(MerchantOwned):
    """How the merchant wants its public page of questions; no row is the usual."""

    #: Whether search engines may list it.
    is_listed = models.BooleanField(default=False)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="questions_page_once"),
        ]

    def __str__(self) -> str:
        return f"questions page of {self.merchant_id}"
