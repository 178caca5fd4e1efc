"""What carriers call the things one types to connect them, in the reader's language.

An adapter names each as its vendor does (`Secret.label`). The usual words are translated; a word
of the vendor's own, also one in brackets behind a usual one, stays as the vendor's portal has it.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, gettext_noop

_USUAL: Final = frozenset(
    {
        gettext_noop("API account"),
        gettext_noop("API access token"),
        gettext_noop("API key"),
        gettext_noop("API password"),
        gettext_noop("API secret"),
        gettext_noop("API token"),
        gettext_noop("API user name"),
        gettext_noop("Access key"),
        gettext_noop("Access token"),
        gettext_noop("Account ID"),
        gettext_noop("Account PIN"),
        gettext_noop("Account country (two letters)"),
        gettext_noop("Account number"),
        gettext_noop("Address of the shop"),
        gettext_noop("App ID"),
        gettext_noop("App secret"),
        gettext_noop("Business registration number"),
        gettext_noop("Client ID"),
        gettext_noop("Client ID that its webhook sends"),
        gettext_noop("Client identifier of your app"),
        gettext_noop("Client secret"),
        gettext_noop("Client secret of your app"),
        gettext_noop("Consumer key"),
        gettext_noop("Consumer secret"),
        gettext_noop("Customer ID"),
        gettext_noop("Customer code"),
        gettext_noop("Customer number"),
        gettext_noop("E-mail of the API user"),
        gettext_noop("E-mail of the panel's user"),
        gettext_noop("Key file of the API user"),
        gettext_noop("Login of the customer area"),
        gettext_noop("Marketplace"),
        gettext_noop("Passphrase"),
        gettext_noop("Password"),
        gettext_noop("Password of the API"),
        gettext_noop("Password of the API user"),
        gettext_noop("Password of the panel's user"),
        gettext_noop("Personal access token"),
        gettext_noop("Private key"),
        gettext_noop("Production key"),
        gettext_noop("Production key password"),
        gettext_noop("Refresh token"),
        gettext_noop("Secret key"),
        gettext_noop("Secret of its webhook"),
        gettext_noop("Signing secret"),
        gettext_noop("Site ID"),
        gettext_noop("Token of the webhook"),
        gettext_noop("Token that its webhook sends"),
        gettext_noop("Tracking licence key"),
        gettext_noop("Tracking password"),
        gettext_noop("Store hash"),
        gettext_noop("Tracking token"),
        gettext_noop("Tracking user name"),
        gettext_noop("User name"),
        gettext_noop("User name of the API"),
        gettext_noop("Web service key"),
        gettext_noop("Warehouse code"),
        gettext_noop("Webhook key"),
        gettext_noop("Webhook secret"),
        gettext_noop("Webhook secret key"),
    }
)


def credential_label(label: str) -> str:
    """ "API key (17token)" as a reader of Arabic types it: the usual words are translated."""
    if label in _USUAL:
        return gettext(label)
    usual, bracket, own = label.partition(" (")
    return f"{gettext(usual)}{bracket}{own}" if usual in _USUAL else label
