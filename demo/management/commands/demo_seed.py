"""`manage.py demo_seed`: fill the demonstration and write `.homeward/demo.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from carriers import fetch
from demo.catalogue import SARA
from demo.phone_views import subscribe
from demo.phones import browser_of, owners
from demo.pushes import push_waiting
from demo.seed import seed
from demo.webhooks import listen
from demo.woo.opening import open_shop
from merchants.models import Merchant
from tracking import hub_lists


class Command(BaseCommand):
    help = "Fill the demonstration; run by `make demo`."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration needs DEMO=1; use `make demo`.")
        path = Path(settings.BASE_DIR) / ".homeward" / "demo.json"
        base_url = settings.BASE_URL
        merchants = []
        for shop in seed(
            sandbox_url=settings.SANDBOX_URL,
            base_url=base_url,
            known_keys=_known_keys(path),
            now=timezone.now(),
        ):
            self.stdout.write(f"  {shop.slug}: {len(shop.tracking_urls)} orders")
            merchants.append(shop.as_json())
            listen(Merchant.objects.get(slug=shop.slug), base_url=base_url, now=timezone.now())
        hub_lists.list_stale(fetch.shared(), now=timezone.now())
        push_waiting(now=timezone.now())
        open_shop(now=timezone.now())
        found = {
            "base_url": base_url,
            "merchants": merchants,
            "mailbox_url": f"{base_url}/demo/mailbox/",
            "phone_url": f"{base_url}/demo/phone/{_allow_notes()}",
            "woo_url": f"{base_url}/demo/woo/",
        }
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(found, indent=2, ensure_ascii=False))
        path.chmod(0o600)


def _allow_notes() -> str:
    """The first shopper's browser takes notes from the start; returns the end of that phone's
    address. Where the push service is away, the button on the phone's page does the same."""
    owner = next((one for one in owners() if one.email == SARA.email), None)
    if owner is None:
        return ""
    browser = browser_of(owner)
    if browser is not None:
        subscribe(owner, browser)
    return f"{owner.pk}/"


def _known_keys(path: Path) -> dict[str, str]:
    """API keys that an earlier start issued: only their hashes are in the database."""
    try:
        earlier = json.loads(path.read_text())
        return {shop["slug"]: shop["api_key"] for shop in earlier["merchants"]}
    except (FileNotFoundError, ValueError, KeyError):
        return {}
