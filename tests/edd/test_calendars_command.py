"""`manage.py calendars`: a year in words, and what an operator says of it."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from edd.models import OperatorDayRule

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command("calendars", *words, stdout=out)
    return out.getvalue()


def as_json(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def lines(*words: str) -> list[str]:
    return [" ".join(line.split()) for line in run(*words).splitlines()]


def test_year_of_a_country_in_words() -> None:
    assert lines("DE", "2025", "--region", "Hamburg") == [
        "DE 2025, offices and warehouses: 251 working days",
        "Rests on Saturday and Sunday",
        "Wed 1 Jan New Year's Day: rest",
        "Fri 18 Apr Good Friday: rest",
        "Mon 21 Apr Easter Monday: rest",
        "Thu 1 May Labor Day: rest",
        "Thu 29 May Ascension Day: rest",
        "Mon 9 Jun Pentecost Monday: rest",
        "Fri 3 Oct German Unity Day: rest",
        "Fri 31 Oct Reformation Day: rest",
        "Wed 24 Dec Christmas Eve: half a day",
        "Thu 25 Dec Christmas Day: rest",
        "Fri 26 Dec Second Day of Christmas: rest",
        "Wed 31 Dec New Year’s Eve: half a day",
    ]


def test_year_with_soft_feasts_says_what_to_confirm() -> None:
    said = lines("AE", "2027", "--carrier", "aramex")
    assert said[1] == "Rests on Sunday"
    assert "Mon 8 – Fri 12 Mar Eid al-Fitr: rest, not confirmed" in said
    assert "Mon 8 Feb – Mon 8 Mar Ramadan, slow" in said
    assert said[-2:] == [
        "Eid al-Fitr is expected to begin on Tue 9 Mar. Once it is announced:"
        " manage.py calendars confirm eid_al_fitr AE 2027-03-09",
        "Eid al-Adha is expected to begin on Sun 16 May. Once it is announced:"
        " manage.py calendars confirm eid_al_adha AE 2027-05-16",
    ]


def test_confirmed_feast_is_exact_and_no_longer_asked_for() -> None:
    assert lines("confirm", "eid_al_fitr", "AE", "2027-03-10")[0].endswith(
        "AE, Wed 10 – Fri 12 Mar 2027: Eid al-Fitr (rest)"
    )
    said = lines("AE", "2027")
    assert "Wed 10 – Fri 12 Mar Eid al-Fitr: rest" in said
    assert not [line for line in said if line.startswith("Eid al-Fitr is expected")]


def test_rule_is_added_listed_and_removed() -> None:
    kept = as_json(
        "add", "ae", "2026-12-09", "2026-12-10", "--name", "Storm", "--carrier", "aramex"
    )
    assert kept == {
        "id": kept["id"], "country": "AE", "region": "", "carrier": "aramex", "service": "",
        "part": "", "first": "2026-12-09", "last": "2026-12-10", "weekday": 0, "kind": "rest",
        "name": "Storm", "certain": True,
    }  # fmt: skip
    assert as_json("rules", "AE") == [kept]
    assert as_json("rules", "SA") == []
    assert as_json("remove", str(kept["id"])) == kept
    assert not OperatorDayRule.objects.exists()


def test_weekday_of_a_carrier_counts() -> None:
    said = lines("add", "AE", "--weekday", "7", "--kind", "works", "--carrier", "aramex")
    assert said[0].endswith("AE aramex, every Sunday: (works)")
    assert lines("AE", "2027", "--carrier", "aramex")[1] == "Works on all days of the week"


def test_year_for_programs() -> None:
    found = as_json("AE", "2027")
    assert found["days"][0] == {
        "first": "2027-01-01", "last": "2027-01-01", "kind": "rest", "name": "New Year's Day",
        "certain": True,
    }  # fmt: skip
    assert found["slow"] == [{"first": "2027-02-08", "last": "2027-03-08"}]
    assert [one["feast"] for one in found["feasts"]] == ["eid_al_fitr", "eid_al_adha"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Narnia", "2027"], "'Narnia' is no country: say its two letters, as in AE."),
        (["AE"], "Say a country and a year: manage.py calendars AE 2027"),
        (["AE", "1066"], "Say a country and a year: manage.py calendars AE 2027"),
        (["add", "AE", "10.3.2027"], "'10.3.2027' is no day: write 2027-03-10."),
        (["add", "AE", "2027-03-10", "2027-03-09"], "The last day is before the first."),
        (["remove", "99"], "There is no rule 99; see manage.py calendars rules."),
        (
            ["confirm", "eid_al_fitr", "DE", "2027-03-10"],
            "No eid_al_fitr is expected in DE near 2027-03-10."
            " Known feasts: eid_al_fitr, eid_al_adha.",
        ),
    ],
)
def test_what_cannot_be_done_says_why(words: list[str], message: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(*words)
    assert str(refused.value) == message
