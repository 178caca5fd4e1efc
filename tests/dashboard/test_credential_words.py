"""Credentials are named in the reader's language, and a vendor's own words stay."""

from __future__ import annotations

from django.utils import translation

from dashboard.credential_words import credential_label


def test_usual_words_are_translated_and_the_vendors_own_stay() -> None:
    with translation.override("ar"):
        assert credential_label("Password") == "كلمة المرور"
        assert credential_label("API key (17token)") == "مفتاح API (17token)"
        assert credential_label("Delis ID") == "Delis ID"
