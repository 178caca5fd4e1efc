"""Mails as anymail hands them over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from anymail.inbound import AnymailInboundMessage

from notifications.answers import mail
from notifications.answers.addresses import message_of, reply_address, token_in
from notifications.answers.said import Wish


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.INBOUND_EMAIL_DOMAIN = "reply.homeward.example"


def written(**headers: str) -> AnymailInboundMessage:
    """A mail of Sara's."""
    return AnymailInboundMessage.construct(
        from_email="Sara <Sara@Shopper.example>",
        to=reply_address(7),
        subject="Re: Your parcel",
        text=headers.pop("text", "After six, please."),
        html=headers.pop("html", None),
        headers=[
            ("Message-ID", "<a@shopper.example>"),
            ("In-Reply-To", "<ours@homeward.example>"),
            ("References", "<older@homeward.example> <ours@homeward.example>"),
            *((name.replace("_", "-"), value) for name, value in headers.items()),
        ],
    )


def is_machine(made: AnymailInboundMessage) -> bool:
    letter = mail.read_mail(made).letter
    assert letter is not None
    return letter.is_automatic


def test_reply_address_names_its_message_and_nobody_can_make_one() -> None:
    address = reply_address(1042)
    token = token_in(["Noor <other@noor.example>", address.upper()])
    assert (message_of(token), len(address.partition("@")[0]) <= 64) == (1042, True)
    number, _, proof = token.partition(".")
    assert [message_of(f"{number}.{proof[:-1]}a"), message_of(f"a{token}")] == [None, None]


def test_reply_address_needs_a_domain(settings: Any) -> None:
    settings.INBOUND_EMAIL_DOMAIN = ""
    assert reply_address(1042) == ""


def test_mail_becomes_what_was_said() -> None:
    said = mail.read_mail(written())
    assert (said.channel, said.number, said.text) == (
        "email", "sara@shopper.example", "After six, please.",
    )  # fmt: skip
    assert said.answers == ("<ours@homeward.example>", "<older@homeward.example>")
    assert message_of(said.token) == 7
    assert said.letter is not None
    assert (said.letter.subject, said.letter.is_automatic) == ("Re: Your parcel", False)


def test_what_is_stored_is_what_was_said() -> None:
    said = mail.read_mail(written())
    assert mail.load(mail.dump(said)) == said


def test_html_alone_is_read_without_its_quotation() -> None:
    html = (
        "<style>p{}</style><p>At the <b>gate</b>,<br>please.</p>"
        "<div>On Thu Noor &lt;updates@homeward.example&gt; wrote:<blockquote><p>Your parcel</p>"
        "</blockquote></div>"
    )
    made = AnymailInboundMessage.construct(from_email="s@x.example", to="a@b.example", html=html)
    assert mail.read_mail(made).text == "At the gate,\nplease."


def test_files_are_named_and_not_kept() -> None:
    picture = AnymailInboundMessage.construct_attachment("image/jpeg", b"JPEG", filename="door.jpg")
    made = AnymailInboundMessage.construct(
        from_email="s@x.example", to="a@b.example", text="Look", attachments=[picture]
    )
    stored = json.loads(mail.dump(mail.read_mail(made)))
    assert (stored["letter"]["attachments"], "JPEG" in str(stored)) == (["door.jpg"], False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<x.example>"},
        {"Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "All"},
    ],
)
def test_machine_is_recognised(headers: dict[str, str]) -> None:
    assert is_machine(written(**headers))


@pytest.mark.parametrize(
    "sender", ["MAILER-DAEMON@x.example", "no-reply@x.example", "updates@homeward.example",
               "reply+1.abcdefghijklmnop@reply.homeward.example", ""],
)  # fmt: skip
def test_sender_that_nobody_reads_is_a_machine(sender: str) -> None:
    made = AnymailInboundMessage()
    made["From"] = sender
    made.set_content("Out of office")
    assert is_machine(made)


def test_plain_person_is_no_machine() -> None:
    assert not is_machine(written(Auto_Submitted="no"))


def test_stop_by_mail_is_a_wish() -> None:
    assert mail.read_mail(written(text="STOP\n\n> Your parcel")).wish is Wish.STOP


def test_mail_without_anything_is_read() -> None:
    said = mail.read_mail(AnymailInboundMessage())
    assert (said.number, said.text, said.token) == ("", "", "")
