"""The carrier of the demonstration and the tests: `carriers.sandbox`, which speaks UPS's format.

It has no address of its own: where its server runs is a setting, or the account's. Beyond
UPS's format it takes what a shopper wants after a failed attempt
(`carriers/sandbox/wire_instructions.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final
from urllib.parse import quote

from carriers.answers import AnswerOptions, Instruction, Verdict, Word
from carriers.base import CarrierError, HttpCall, Limits, Secret, read_json
from carriers.providers.ups import Ups
from carriers.shapes import mapping, text

_PATH: Final = "/api/delivery/v1/instructions"
_WORDS: Final[dict[str, Word]] = {
    "ACCEPTED": "accepted",
    "REFUSED": "refused",
    "RECEIVED": "received",
    "UNKNOWN": "unknown",
}


class Sandbox(Ups):
    slug: ClassVar[str] = "sandbox"
    name: ClassVar[str] = "Sandbox Express"
    name_ar: ClassVar[str] = "ساندبوكس إكسبرس"
    countries: ClassVar[tuple[str, ...]] = ()
    website: ClassVar[str] = ""
    documentation: ClassVar[str] = ""
    push: ClassVar[bool] = False
    registers: ClassVar[bool] = False
    secrets: ClassVar[tuple[Secret, ...]] = tuple(one for one in Ups.secrets if not one.optional)
    # It runs beside us and counts nothing: benchmarks and the demonstration may ask at will.
    limits: ClassVar[Limits] = Limits(concurrent=100)
    base_url: ClassVar[str] = ""
    answers: ClassVar[AnswerOptions | None] = AnswerOptions(
        frozenset({"date", "address", "landmark", "phone", "words"}),
        days_ahead=6,
        codes={"morning": "AM", "afternoon": "PM", "evening": "EV"},
    )

    def answer_request(
        self, instruction: Instruction, credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        assert self.answers is not None
        asked = {
            "trackingNumber": instruction.number,
            "requestedDate": instruction.day.isoformat() if instruction.day else "",
            "timeOfDay": self.answers.codes.get(instruction.part_of_day, ""),
            "address": instruction.address,
            "landmark": instruction.landmark,
            "phone": instruction.phone,
            "remarks": instruction.words,
        }
        return HttpCall(
            "POST",
            _PATH,
            headers=_headers(token) | {"Idempotency-Key": instruction.key},
            json={name: value for name, value in asked.items() if value},
        )

    def answer_question(
        self, instruction: Instruction, credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        key = quote(instruction.key, safe="")
        return HttpCall("GET", f"{_PATH}/{key}", headers=_headers(token))

    def parse_answer(self, body: bytes) -> Verdict:
        row = mapping(mapping(read_json(body)).get("instruction"))
        word = _WORDS.get(text(row.get("status")))
        if word is None:
            raise CarrierError("The answer says nothing of an instruction", kind="unreadable")
        return Verdict(word, reference=text(row.get("id")), words=text(row.get("reason")))


def _headers(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token or ''}", "Accept": "application/json"}
