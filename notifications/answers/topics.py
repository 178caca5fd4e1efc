"""What messages are about that answer somebody who wrote."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from notifications.texts import CASE

#: An agent's words.
REPLY: Final = "reply"
#: "We have your message."
RECEIVED: Final = "answer_received"
#: What an answer was taken to mean.
UNDERSTOOD: Final = "answer_understood"
STOPPED: Final = "stop_confirmed"
STARTED: Final = "start_confirmed"
HELPED: Final = "help_answered"
#: The code that somebody asked for on the order's page (`notifications.page_codes`).
PAGE_CODE: Final = "page_code"

LABELS: Final[dict[str, Promise]] = {
    REPLY: gettext_lazy("Answer to the customer"),
    RECEIVED: gettext_lazy("“We have your message”"),
    UNDERSTOOD: gettext_lazy("What we understood"),
    STOPPED: gettext_lazy("STOP confirmed"),
    STARTED: gettext_lazy("START confirmed"),
    HELPED: gettext_lazy("HELP answered"),
    PAGE_CODE: gettext_lazy("Code for the order’s page"),
}
#: Changes about answers have keys that begin so.
PREFIX: Final = "answer:"
#: A letter of these is framed as the answer to a question is.
SHOWN_AS: Final = CASE
