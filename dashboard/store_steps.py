"""What to do in a platform's own pages to connect a shop: words, by platform and way.

Only text: a platform without a line here gets the steps that are the same everywhere.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.base import Way

_USUAL: Final = (
    _("Open the shop’s webhook settings."),
    _("Enter the same secret here and there."),
    _("Create a webhook for each topic, in JSON, with the address we give you next."),
)
_STEPS: Final[dict[tuple[str, Way], tuple[Promise, ...]]] = {
    ("bigcommerce", "keys"): (
        _("In BigCommerce open Settings, Store-level API accounts, Create API account."),
        _(
            "Choose a V2/V3 API token. Let it modify Orders, and read Products, Order transactions"
            " and Information & settings."
        ),
        _(
            "Copy the access token and the client secret into this form, and the store hash: it"
            " stands behind /stores/ in the API path."
        ),
    ),
    ("etsy", "oauth"): (
        _("On the next page Etsy asks whether we may read your orders and add tracking numbers."),
        _("Agree there as the owner of the shop; you come back here by yourself."),
        _("Etsy writes to its buyers itself: our messages to them stay off."),
    ),
    ("shipbob", "keys"): (
        _("Log in to ShipBob as the account’s root user."),
        _("Open Integrations, API Tokens, Generate New Token, and copy the token into this form."),
        _("We make the webhooks ourselves. Parcels join the orders of your connected shops."),
    ),
    ("magento", "keys"): (
        _("In Magento open System, Extensions, Integrations, and add an integration."),
        _("Give it the resources Sales, Stores and Inventory, then save and activate it."),
        _("Copy its access token into this form."),
        _(
            "In Stores, Configuration, Services, OAuth, Consumer Settings allow access tokens to be"
            " used as standalone Bearer tokens."
        ),
    ),
    ("prestashop", "keys"): (
        _("In PrestaShop open Advanced Parameters, Webservice, and enable the webservice."),
        _(
            "Add a key that may view addresses, carriers, configurations, countries, currencies,"
            " customers, languages, orders, order_carriers, order_slip, order_states, products and"
            " states."
        ),
        _(
            "For tracking numbers, notes and corrected addresses it also needs to modify"
            " order_carriers, patch orders, and add and delete addresses."
        ),
        _("Copy the key into this form."),
    ),
    ("amazon", "keys"): (
        _("In Seller Central open Apps and Services, Develop Apps."),
        _("Beside your app choose View under LWA credentials: copy its identifier and its secret."),
        _("Choose Authorize app, and copy the refresh token."),
        _("Each marketplace, such as amazon.ae, is connected by itself."),
    ),
    ("amazon", "oauth"): (
        _("Each marketplace, such as amazon.ae, is connected by itself."),
        _("Log in to Seller Central as the account’s main user, and agree there."),
    ),
    ("noon", "by_hand"): (
        _("In noon’s Event Notifications add a destination with this address."),
        _("Give it a header named X-Homeward-Key, and our signing secret as its value."),
        _("Subscribe it to FBPI::ORDER_SYNC. Orders arrive without it too, some minutes later."),
    ),
    ("noon", "keys"): (
        _("At access.noon.partners open User & Access, API Users, and add one."),
        _("Download its key file, and paste the whole text of it here."),
        _("Enter the code of the warehouse from which you send orders yourself."),
        _("Orders that noon itself stores and sends are not in this API: import them as a file."),
    ),
    ("salla", "install"): (
        _("In Salla’s app store install our app. Agree to what it asks for."),
        _("In your Salla dashboard open Installed apps, our app, Settings."),
        _("Paste the code there, and save. Your orders appear within minutes."),
    ),
    ("shopify", "by_hand"): (
        _("In Shopify open Settings, Notifications, Webhooks."),
        _("Copy the signing secret from the foot of that page into this form."),
        _("Create a webhook for each topic, in JSON, with the address we give you next."),
    ),
    ("shopify", "oauth"): (
        _("Enter your shop’s name at Shopify; you find it in Settings, Domains."),
        _("Shopify asks whether our app may see orders and report deliveries: choose Install."),
        _("You come back here. The orders of the last 60 days arrive by themselves."),
    ),
    ("woocommerce", "handshake"): (
        _("Enter your shop’s address; you log in there as an administrator."),
        _("WooCommerce asks whether Homeward may read and write: choose Approve."),
        _("You come back here. The orders of the last 60 days arrive by themselves."),
    ),
    ("woocommerce", "keys"): (
        _("In WordPress open WooCommerce, Settings, Advanced, REST API, and add a key."),
        _("Choose an administrator as its user and Read/Write as its permissions."),
        _("Copy the consumer key and the consumer secret into this form."),
        _("In Settings, Permalinks choose anything but Plain."),
    ),
    ("woocommerce", "by_hand"): (
        _("In WordPress open WooCommerce, Settings, Advanced, Webhooks."),
        _("Make up a long secret; enter the same one here and there."),
        _("Add an active webhook for each topic, with the address we give you next."),
    ),
}


def steps_for(platform: str, way: Way) -> tuple[Promise, ...]:
    """What to do in the shop, in order; nothing where agreeing on its own page is all."""
    found = _STEPS.get((platform, way), ())
    return found or (_USUAL if way == "by_hand" else ())
