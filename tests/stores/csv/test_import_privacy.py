"""A person who is erased is erased from files too."""

from __future__ import annotations

from lib.personal_data import Person
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.csv.import_privacy import erase_person, export_person
from stores.models import ImportRow, OrderImport
from tests.stores.csv.files import BAD, OMAR, csv_of, draft, run

OTHER = BAD.replace("1003", "1004").replace("+971501112222", "+971509998888")


def test_refused_row_of_a_person_is_exported_and_erased(merchant: Merchant) -> None:
    run(merchant, csv_of(BAD, OTHER))
    person = Person(phones=frozenset({"050 111 2222"}))
    with merchant_scope(merchant.pk):
        assert export_person(person) == [{"row": 2, "cells": BAD.split(",")}]
        assert erase_person(person) == 1
        assert [row.number for row in ImportRow.objects.all()] == [3]


def test_draft_that_may_name_anybody_goes(merchant: Merchant) -> None:
    draft(merchant, csv_of(OMAR))
    with merchant_scope(merchant.pk):
        assert erase_person(Person(emails=frozenset({"omar@shopper.example"}))) == 1
        assert not OrderImport.objects.exists()
