"""An answer is kept once, does what it asks for, and reaches a person where one is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from notifications.answers import quick, receivers
from notifications.answers.replying import acknowledge, confirm
from notifications.answers.said import Said, Wish
from notifications.answers.thanks import is_thanks
from notifications.answers.yes_no import payload_of
from notifications.consent import allow_again, suppress, suppressed
from notifications.models import Answer, Message

STOPPED: Final = "its owner answered STOP"
_LONGEST_TEXT: Final = 10_000


@dataclass(frozen=True, slots=True)
class For:
    """Whose answer it is, as `finding` said when it came; see `finding.Concerned`."""

    merchant_id: int
    is_meant: bool
    message_id: int | None = None
    found_by: str = ""


def take(said: Said, whose: For, *, received_at: datetime, now: datetime) -> bool:
    """Keep it and see to it; in the merchant's scope. False where nothing was new.

    STOP and START bind a merchant that is not meant, too; it keeps no row of them.
    """
    message = _message(whose)
    # A mail may come from another address than the one that we wrote to, which is meant.
    address = message.to if message is not None else said.number
    wish = _wish(said, address, merchant_id=whose.merchant_id)
    _obey(said, wish, address, merchant_id=whose.merchant_id)
    if not whose.is_meant and wish is not Wish.NONE:
        return True
    answer, is_new = _keep(said, wish, whose, message, received_at=received_at)
    if not is_new:
        return False
    _settle(answer, said, wish, now=now)
    return True


def _message(whose: For) -> Message | None:
    if whose.message_id is None:
        return None
    rows = Message.objects.select_related("order", "recipient", "merchant")
    return rows.filter(pk=whose.message_id, merchant_id=whose.merchant_id).first()


def _wish(said: Said, address: str, *, merchant_id: int) -> Wish:
    """ "Yes" is START only for somebody who said STOP; else it answers a question."""
    is_machine = said.letter is not None and said.letter.is_automatic
    if is_machine:
        return Wish.NONE
    if said.wish is Wish.START and said.is_wish_doubtful:
        stopped = suppressed(said.channel, address, merchant_id=merchant_id)
        return said.wish if STOPPED in stopped else Wish.NONE
    return said.wish


def _obey(said: Said, wish: Wish, address: str, *, merchant_id: int) -> None:
    act = {Wish.STOP: suppress, Wish.START: allow_again}.get(wish)
    if act is not None:
        act(
            merchant_id=merchant_id,
            channel=said.channel,
            address=address,
            reason=STOPPED,
        )


def _keep(
    said: Said, wish: Wish, whose: For, message: Message | None, *, received_at: datetime
) -> tuple[Answer, bool]:
    letter, spot = said.letter, said.spot
    return Answer.objects.get_or_create(
        merchant_id=whose.merchant_id,
        channel=said.channel,
        provider_id=said.provider_id[:250],
        defaults={
            "order": message.order if message else None,
            "recipient": message.recipient if message else None,
            "message": message,
            "sender": said.number,
            "kind": _kind(said),
            "text": said.text.replace("\x00", "")[:_LONGEST_TEXT],
            "language": said.language or (message.language if message else ""),
            "wish": wish.value,
            "payload": said.payload[:200],
            "latitude": spot.latitude if spot else None,
            "longitude": spot.longitude if spot else None,
            "place": spot.name[:300] if spot else "",
            "media": _media(said),
            "subject": letter.subject if letter else "",
            "mail_id": letter.message_id if letter else "",
            "is_automatic": letter.is_automatic if letter else False,
            "found_by": whose.found_by,
            "received_at": received_at,
        },
    )


def _kind(said: Said) -> Answer.Kind:
    if said.letter is not None:
        return Answer.Kind.EMAIL
    if said.spot is not None:
        return Answer.Kind.LOCATION
    if said.payload:
        return Answer.Kind.QUICK_REPLY
    return Answer.Kind.MEDIA if said.media else Answer.Kind.TEXT


def _media(said: Said) -> list[dict[str, str]]:
    if said.letter is not None:
        return [{"name": name} for name in said.letter.attachments]
    return [{"type": one.type, "id": one.id} for one in said.media]


def _settle(answer: Answer, said: Said, wish: Wish, *, now: datetime) -> None:
    """Do what it asks for; what is left is a person's."""
    if answer.is_automatic:
        return _mark(answer, Answer.State.NOTED)
    if wish is not Wish.NONE and not said.is_wish_answered:
        confirm(answer, wish, now=now)
    if wish is not Wish.NONE and not said.is_wish_doubtful:
        return _mark(answer, Answer.State.NOTED)
    payload = answer.payload or payload_of(answer)
    if payload and quick.run(answer, payload, now=now):
        return _mark(answer, Answer.State.DONE, answered_at=now)
    is_words = answer.kind in {Answer.Kind.TEXT, Answer.Kind.EMAIL} and not answer.media
    if is_words and is_thanks(answer.text):
        return _mark(answer, Answer.State.NOTED)
    receivers.tell(answer, now=now)
    if wish is Wish.NONE:
        acknowledge(answer, now=now)
    return None


def _mark(answer: Answer, state: Answer.State, *, answered_at: datetime | None = None) -> None:
    answer.state, answer.answered_at = state, answered_at
    answer.save(update_fields=["state", "answered_at"])
