"""The mail providers of django-anymail whose settings a merchant can bring along.

https://anymail.dev/en/stable/esps/ (settings and webhooks of each)

Amazon SES is left out, because its backend needs boto3, which nothing else here does; and SendGrid,
which anymail itself no longer supports: both take mail by SMTP. A field's name is
the backend's own; those under `webhook` go to anymail's view of the provider's receipts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.mail import get_connection
from django.utils.translation import gettext_lazy as _

from notifications.channels.base import Account
from notifications.channels.email import EmailChannel
from notifications.channels.forms import Field


@dataclass(frozen=True, slots=True)
class Esp:
    """One provider. `spf` is what its documents tell to include into the sender domain's SPF, ""
    where its own return address carries that; `selectors` are the DKIM selectors it always uses,
    none where each account gets its own (then the form asks for it)."""

    slug: str
    label: str
    backend: str
    #: The name of anymail's view of its receipts, "" where anymail has none.
    view: str
    fields: Sequence[Field]
    webhook: Sequence[Field] = ()
    spf: str = ""
    selectors: Sequence[str] = ()
    #: Settings of the sending side that prove the provider's receipts as well.
    proof: Sequence[str] = ()

    @property
    def docs(self) -> str:
        """Anymail's page about it, with the provider's own addresses."""
        return f"https://anymail.dev/en/stable/esps/{self.slug}/"

    @property
    def all_fields(self) -> Sequence[Field]:
        own = () if self.selectors else (_SELECTOR,)
        return (*self.fields, *self.webhook, *own)


def _key(name: str, label: Any = None) -> Field:
    return Field(name, label or _("API key"), is_secret=True)


def _signing(name: str, label: Any) -> Field:
    words = _("With it receipts are proven by the provider’s signature as well.")
    return Field(name, label, words, is_secret=True, is_optional=True)


_SELECTOR: Final = Field(
    "dkim_selector",
    _("DKIM selector"),
    _("The first word of the DKIM record that the provider shows: selector._domainkey."),
    is_optional=True,
)

ESPS: Final = {
    one.slug: one
    for one in (
        Esp(
            "mailgun", "Mailgun", "mailgun", "MailgunTrackingWebhookView",
            (
                _key("api_key"),
                Field("sender_domain", _("Domain at the provider"), is_optional=True),
                Field(
                    "api_url", _("Region"),
                    choices=(
                        ("https://api.mailgun.net/v3", _("United States")),
                        ("https://api.eu.mailgun.net/v3", _("European Union")),
                    ),
                ),
            ),
            (_signing("webhook_signing_key", _("Webhook signing key")),),
            spf="mailgun.org",
        ),
        Esp(
            "postmark", "Postmark", "postmark", "PostmarkTrackingWebhookView",
            (
                _key("server_token", _("Server token")),
                Field("message_stream", _("Message stream"), is_optional=True),
            ),
        ),
        Esp(
            "brevo", "Brevo", "brevo", "BrevoTrackingWebhookView",
            (_key("api_key"),),
            selectors=("brevo1", "brevo2", "mail"),
        ),
        Esp(
            "mailjet", "Mailjet", "mailjet", "MailjetTrackingWebhookView",
            (_key("api_key"), _key("secret_key", _("Secret key"))),
            spf="spf.mailjet.com", selectors=("mailjet",),
        ),
        Esp(
            "mandrill", "Mandrill", "mandrill", "MandrillCombinedWebhookView",
            (_key("api_key"),),
            (_signing("webhook_key", _("Webhook key")),),
            selectors=("mte1", "mte2"),
        ),
        Esp(
            "resend", "Resend", "resend", "ResendTrackingWebhookView",
            (_key("api_key"),),
            (_signing("signing_secret", _("Webhook signing secret")),),
            selectors=("resend",),
        ),
        Esp(
            "sparkpost", "SparkPost", "sparkpost", "SparkPostTrackingWebhookView",
            (
                _key("api_key"),
                Field("subaccount", _("Subaccount"), is_optional=True),
                Field(
                    "api_url", _("Region"),
                    choices=(
                        ("https://api.sparkpost.com/api/v1", _("United States")),
                        ("https://api.eu.sparkpost.com/api/v1", _("European Union")),
                    ),
                ),
            ),
        ),
        Esp(
            "unisender_go", "Unisender Go", "unisender_go", "UnisenderGoTrackingWebhookView",
            (
                _key("api_key"),
                Field(
                    "api_url", _("Region"),
                    choices=(
                        ("https://go1.unisender.ru/ru/transactional/api/v1", "go1"),
                        ("https://go2.unisender.ru/ru/transactional/api/v1", "go2"),
                    ),
                ),
            ),
            proof=("api_key",),
        ),
        Esp(
            "mailersend", "MailerSend", "mailersend", "MailerSendTrackingWebhookView",
            (_key("api_token", _("API token")),),
            (_signing("signing_secret", _("Webhook signing secret")),),
            spf="_spf.mailersend.net", selectors=("mlsend", "mlsend2"),
        ),
        Esp(
            "mailtrap", "Mailtrap", "mailtrap", "MailtrapTrackingWebhookView",
            (_key("api_token", _("API token")),),
            (_signing("tracking_secret", _("Webhook signing secret")),),
            selectors=("rwmt1", "rwmt2"),
        ),
        Esp(
            "scaleway", "Scaleway", "scaleway", "",
            (
                _key("secret_key", _("Secret key")),
                Field("project_id", _("Project ID")),
                Field("region", _("Region"), initial="fr-par"),
            ),
        ),
    )
}  # fmt: skip


def open_esp(account: Account) -> EmailChannel:
    """The provider's backend with this account's settings; what the merchant left empty is not
    filled from the operator's."""
    esp = ESPS[account.provider]
    given = {**account.config, **account.secrets}
    values: dict[str, Any] = {
        one.name: given.get(one.name) or one.initial or None for one in esp.fields
    }
    values |= {one.name: given.get(one.name) or one.choices[0][0]
               for one in esp.fields if one.choices}  # fmt: skip

    def connect() -> Any:
        return get_connection(f"anymail.backends.{esp.backend}.EmailBackend", **values)

    return EmailChannel(account, connect)
