"""The mails an account leads to. Every request gets exactly one, whoever the address belongs to.

So the screen can say the same to everybody, and takes the same time: only the mailbox's reader
learns whether there is an account. They are sent at once and not kept; whoever misses one asks
for another.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from lib.formats import is_rtl
from lib.logs import where
from lib.signing import new_token

log = logging.getLogger("homeward.people")

#: The house's accent (tokens.css) as mail programs read it.
_ACCENT: Final = "#005b65"


class NotSent(Exception):
    """The mail server did not take it; the person may try again."""


@dataclass(frozen=True, slots=True)
class Words:
    """One kind of mail: subject and heading in one, what it says, and what its button says."""

    subject: Promise
    body: Promise | str
    button: Promise
    why: Promise


KINDS: Final[dict[str, Words]] = {
    "confirm": Words(
        _("Confirm your e-mail address"),
        _(
            "Somebody signed up for Homeward with this address. If it was you, confirm it here"
            " with the password you chose. The link works once, and for three days."
        ),
        _("Confirm the address"),
        _("If you did not sign up, you can leave this mail alone: nothing happens without you."),
    ),
    "known": Words(
        _("You have an account already"),
        _(
            "Somebody signed up for Homeward with this address, which has an account. If it was"
            " you, sign in as usual. If you forgot your password, you can choose a new one there."
        ),
        _("Sign in"),
        _("If it was not you, you can leave this mail alone: your account is as it was."),
    ),
    "reset": Words(
        _("Choose a new password"),
        _(
            "Somebody asked for a new password for your Homeward account. The link works once,"
            " and for two hours."
        ),
        _("Choose a new password"),
        _("If it was not you, you can leave this mail alone: your password is as it was."),
    ),
    "nobody": Words(
        _("There is no account with this address"),
        _(
            "Somebody asked for a new password with this address, but it has no account at"
            " Homeward. If it was you, perhaps you signed up with another address."
        ),
        _("To Homeward"),
        _("If it was not you, you can leave this mail alone."),
    ),
    "feed_recovered": Words(
        _("Orders of %(shop)s came back"),
        "%(story)s",
        _("See the gap"),
        _("You get this because you look after this shop at Homeward."),
    ),
    "feed_refused": Words(
        _("%(shop)s does not answer"),
        "%(story)s",
        _("See the store"),
        _("You get this because you look after this shop at Homeward."),
    ),
    "answers_waiting": Words(
        _("Customers of %(shop)s wait to be passed on"),
        "%(story)s",
        _("To the desk"),
        _("You get this because you look after this shop at Homeward."),
    ),
    "webhook_failing": Words(
        _("The webhook endpoint %(endpoint)s is switched off"),
        _(
            "Your program did not take a single webhook of %(shop)s for five days, so we switched"
            " its endpoint off. Once the program is well again, switch it on: you can then have"
            " sent what it missed. What it last met: %(problem)s"
        ),
        _("See the endpoint"),
        _("You get this because you look after this shop at Homeward."),
    ),
    "webhook_gone": Words(
        _("The webhook endpoint %(endpoint)s is switched off"),
        _(
            "Your program answered that it takes no more webhooks of %(shop)s (410, gone), so we"
            " switched its endpoint off. If that was a mistake, switch it on again: you can then"
            " have sent what it missed."
        ),
        _("See the endpoint"),
        _("You get this because you look after this shop at Homeward."),
    ),
    "texts_broken": Words(
        _("A text of %(shop)s needs mending"),
        "%(story)s",
        _("See the texts"),
        _("You get this because you look after this shop at Homeward."),
    ),
    "join": Words(
        _("You are invited to %(shop)s"),
        _(
            "%(inviter)s invites you to work on the orders of %(shop)s with Homeward. Accept, and"
            " you are in. The link works once, and for seven days."
        ),
        _("Accept the invitation"),
        _("If you do not know this shop, you can leave this mail alone."),
    ),
}


def send(kind: str, *, to: str, path: str, language: str, **values: str) -> None:
    """Send one of KINDS; `path` is where its button leads. Raises NotSent."""
    words = KINDS[kind]
    link = settings.BASE_URL + path
    with override(language):
        subject = " ".join((str(words.subject) % values).split())[:200]
        context = {
            "language": language,
            "direction": "rtl" if is_rtl(language) else "ltr",
            "subject": subject,
            "look": {"accent": _ACCENT, "shop": "Homeward"},
            "on_accent": "#ffffff",
            "heading": subject,
            "paragraph": str(words.body) % values,
            "button": words.button,
            "link": link,
            "link_label": gettext("Or open this address:"),
            "why": words.why,
        }
        html = render_to_string("mail/account.html", context)
        text = render_to_string("mail/account.txt", context).strip() + "\n"
    _hand_over(to=to, subject=subject, text=text, html=html, language=language)


def _hand_over(*, to: str, subject: str, text: str, html: str, language: str) -> None:
    _name, our_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = our_address.rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[to],
        headers={
            "Message-ID": f"<{new_token()}@{domain}>",
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html, "text/html")
    try:
        mail.send()
    except (smtplib.SMTPException, AnymailError, OSError, ValueError) as error:
        # ValueError: an address that the standard library's parser refuses.
        log.warning("a mail about an account was not sent: %s", where(error))
        raise NotSent from error
