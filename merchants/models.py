"""The tenant and who may enter.

User, Merchant, Membership, Domain, ApiKey and PublishableKey are door tables: they are looked up
before a merchant is known. Brand, BrandDraft and AuditEntry are merchant-owned.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.signing import new_token
from merchants.owned import MerchantOwned


class UserManager(BaseUserManager["User"]):
    """Users by e-mail; the address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who logs in with an e-mail address; what they may do is in Membership."""

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())
    #: When somebody proved to read this address. Who is made by an operator or a program is
    #: vouched for; a stranger's sign-up and an invitation say None, and cannot sign in yet.
    verified_at = models.DateTimeField(null=True, db_default=Now())

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.email


class Merchant(models.Model):
    """One shop: the tenant."""

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    zone = models.CharField(max_length=50, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    languages = models.JSONField(default=list)
    default_language = models.CharField(max_length=10, default="en")
    #: Whether pages name dates by the Hijri calendar (Umm al-Qura) as well.
    shows_hijri = models.BooleanField(default=False, db_default=False)
    store_url = models.URLField(blank=True)
    support_email = models.EmailField(blank=True)
    support_phone = models.CharField(max_length=30, blank=True)
    #: Where the shop's own proxy shows our pages ("https://shop.example/tracking/"); messages
    #: lead there. Empty: they are under our own address.
    page_root = models.URLField(max_length=80, blank=True, default="", db_default="")
    #: The verified domain to which messages lead where there is no such path; the writer is
    #: `merchants.domains`. Empty: none.
    links_host = models.CharField(max_length=253, blank=True, default="", db_default="")
    #: Many shops write "order placed" themselves; None until the merchant answered.
    sends_own_confirmations = models.BooleanField(null=True)
    #: Whether the shop's own "fulfilled" counts as shipped before the carrier's first scan.
    fulfilled_is_shipped = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    #: Step of the set-up to "done" or "skipped"; the writer is `merchants.founding`.
    setup_steps = models.JSONField(default=dict)
    #: None while a person still sets the shop up by hand.
    setup_ended_at = models.DateTimeField(null=True, db_default=Now())
    #: Counts the changes of what pages show of the shop beside its look (promotions, questions,
    #: banners …): kept pages are named by it. The writer is `merchants.page_version`.
    page_version = models.PositiveIntegerField(default=1, db_default=1)
    #: Of shoppers' pages: how long their links open after the last parcel's end, whether a number
    #: alone shows status and city, whether a shopper may change the address before dispatch.
    links_last_days = models.PositiveSmallIntegerField(default=60, db_default=60)
    shows_by_number = models.BooleanField(default=False, db_default=False)
    lets_change_address = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    AGENT = "agent", _("Agent")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """What one user may do at one merchant."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(db_default=Now())
    #: When the person came in. None while invited: such a membership opens no door, so every
    #: look-up that opens one leaves it out.
    accepted_at = models.DateTimeField(null=True, db_default=Now())
    #: What the inviter called them; nothing else is shown of somebody who has not accepted.
    invited_name = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.merchant_id}"


class Domain(models.Model):
    """A host name that a shop wants for its pages; they are served there from `verified_at` on.

    Anybody may claim any name: claims of several shops stand side by side, and only a proven one
    is unique. What the DNS said at the last look is `points` (does the name lead to us?) and
    `proof` (is the shop's token there?). The writer is `merchants.domains`.
    """

    class Finding(models.TextChoices):
        """What stands where a record of ours should."""

        FOUND = "found", pgettext_lazy("a DNS record", "Found")
        MISSING = "missing", pgettext_lazy("a DNS record", "Not there yet")
        OTHER = "other", pgettext_lazy("a DNS record", "Another value")

    host = models.CharField(max_length=253)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="domains")
    #: What the TXT record must say; no other shop knows it.
    token = models.CharField(max_length=40, default=new_token)
    added_at = models.DateTimeField(db_default=Now())
    verified_at = models.DateTimeField(null=True)
    points = models.CharField(max_length=10, choices=Finding.choices, blank=True, default="")
    points_seen = models.CharField(max_length=300, blank=True, default="")
    proof = models.CharField(max_length=10, choices=Finding.choices, blank=True, default="")
    proof_seen = models.CharField(max_length=300, blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    #: When to look by ourselves; None: not any more.
    next_check_at = models.DateTimeField(null=True)
    #: Until when an unproven claim is looked at.
    watched_until = models.DateTimeField(null=True)
    #: Since when the records of a verified domain are not right.
    failing_since = models.DateTimeField(null=True)
    #: When another shop proved that the name is its own.
    lost_at = models.DateTimeField(null=True)
    #: When the shop removed it: a verified one then leads on to our address, for links in old
    #: messages.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merchant", "host"], name="domain_claimed_once"),
            models.UniqueConstraint(
                fields=["host"],
                condition=models.Q(verified_at__isnull=False),
                name="domain_verified_once",
            ),
        ]
        indexes = [
            models.Index(fields=["host"], name="domain_claims"),
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(next_check_at__isnull=False),
                name="domain_due",
            ),
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def is_right(self) -> bool:
        """Whether both records were there at the last look."""
        return self.points == self.proof == self.Finding.FOUND


class ApiKey(models.Model):
    """A program's key: shown once, stored as a hash, recognisable by its prefix."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}…"


class PublishableKey(models.Model):
    """A key that stands in the shop's own pages, so it is no secret: it asks for dates alone.

    Browsers may use it from pages of `origins` only ("https://shop.example", without a path).
    """

    class Fallback(models.TextChoices):
        """What is answered when the merchant's rules cannot be read in time."""

        USUAL = "usual", _("The days that are usual on such a lane")
        NOTHING = "nothing", _("Nothing: the page shows no date")

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40, unique=True)
    origins = models.JSONField(default=list)
    fallback = models.CharField(max_length=10, choices=Fallback.choices, default=Fallback.USUAL)
    is_on = models.BooleanField(default=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class Look(MerchantOwned):
    """What a merchant decides about its pages and messages.

    `tagline` and `notice` are in the shop's own language; `translations` has them by language
    ({"ar": {"tagline": "…"}}). `notice_until` is the last day the notice is shown.
    `header_links` and `footer_links` are {label, url, labels: {language: label}}. `blocks` are the
    parts of the shopper's page in the merchant's order, "-slug" for one left out
    (`storefront_pages.blocks`). `social_links` and `app_links` are addresses by where they lead
    (`storefront_pages.elsewhere_links`). `scheme` is "light" or "dark" for pages that do not follow
    the reader's machine. Each picture has a media type, empty where there is none; the font, a
    WOFF2 file, has a digest, which names it in its address.
    """

    accent = models.CharField(max_length=7, default="#2f5bd7")
    background = models.CharField(max_length=7, default="#ffffff")
    font = models.CharField(max_length=20, default="system")
    radius = models.PositiveSmallIntegerField(default=12)
    logo = models.BinaryField(null=True)
    logo_type = models.CharField(max_length=40, blank=True)
    tagline = models.CharField(max_length=140, blank=True)
    notice = models.CharField(max_length=200, blank=True)
    notice_until = models.DateField(null=True)
    translations = models.JSONField(default=dict)
    footer_links = models.JSONField(default=list)
    header_links = models.JSONField(default=list, db_default=[])
    blocks = models.JSONField(default=list)
    social_links = models.JSONField(default=dict, db_default={})
    app_links = models.JSONField(default=dict, db_default={})
    scheme = models.CharField(max_length=5, blank=True, default="", db_default="")
    #: What browsers put beside the page's name; the logo where there is none.
    icon = models.BinaryField(null=True)
    icon_type = models.CharField(max_length=40, blank=True, default="", db_default="")
    #: What messengers show beside a link to a page.
    share_image = models.BinaryField(null=True)
    share_image_type = models.CharField(max_length=40, blank=True, default="", db_default="")
    own_font = models.BinaryField(null=True)
    own_font_digest = models.CharField(max_length=20, blank=True, default="", db_default="")
    #: Who carries parcels, and where they come from, is not told to shoppers.
    hide_carrier = models.BooleanField(default=False, db_default=False)
    hide_origin = models.BooleanField(default=False, db_default=False)

    class Meta(MerchantOwned.Meta):
        abstract = True


class Brand(Look):
    """The look as published; `version` is in the style sheet's address."""

    version = models.PositiveIntegerField(default=1)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="brand_once"),
        ]


class BrandDraft(Look):
    """The look as it is being edited, with what is the merchant's own; seen in previews alone.

    `version` counts the savings, so that two people who edit it notice each other.
    """

    name = models.CharField(max_length=120)
    support_email = models.EmailField(blank=True)
    support_phone = models.CharField(max_length=30, blank=True)
    page_root = models.URLField(max_length=80, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="brand_draft_once"),
        ]


class AuditEntry(MerchantOwned):
    """Who did what to whom: written by every change a person makes."""

    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "-at"], name="audit_recent")]
