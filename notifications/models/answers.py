"""What shoppers wrote back, and how a merchant wants it dealt with."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned
from notifications.models.messages import Message
from tracking.models import Order, Recipient


class Answer(MerchantOwned):
    """One thing that somebody wrote to us. `notifications.answers` is the only writer.

    `order` is None where it is not known which one is meant: then every merchant that wrote to this
    person from that number has a row. `message` is the one of ours that it answers.
    """

    class Kind(models.TextChoices):
        TEXT = "text"
        QUICK_REPLY = "quick_reply"
        LOCATION = "location"
        MEDIA = "media"
        EMAIL = "email"

    class State(models.TextChoices):
        #: A person must read it.
        OPEN = "open"
        #: Nothing is to be done: thanks, STOP, a machine's notice.
        NOTED = "noted"
        #: Somebody answered, or a machine did what it asked for.
        DONE = "done"

    class FoundBy(models.TextChoices):
        #: It names the message of ours that it answers.
        REPLY = "reply"
        #: The newest message to this number or address.
        NEWEST = "newest"
        #: The order's number stands in the subject.
        SUBJECT = "subject"
        #: A person said so.
        PERSON = "person"

    order = models.ForeignKey(
        Order, null=True, on_delete=models.CASCADE, related_name="written_answers"
    )
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    channel = models.CharField(max_length=10)
    #: Who wrote: a number in E.164, or an e-mail address in lower case.
    sender = models.CharField(max_length=254)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    #: STOP, START or HELP, where that is all that was said (`said.Wish`).
    wish = models.CharField(max_length=5, blank=True)
    payload = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    place = models.CharField(max_length=300, blank=True)
    #: Of pictures and voice notes the types and the provider's ids; of a mail the files' names.
    media = models.JSONField(default=list)
    subject = models.CharField(max_length=200, blank=True)
    #: A mail's own Message-ID, which our answer refers to.
    mail_id = models.CharField(max_length=250, blank=True)
    is_automatic = models.BooleanField(default=False)
    provider_id = models.CharField(max_length=250)
    found_by = models.CharField(max_length=7, choices=FoundBy.choices, blank=True)
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    received_at = models.DateTimeField(db_default=Now())
    #: When it was answered, or somebody said that it needs no answer.
    answered_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    #: When its place became the order's pin, or was passed on to the carrier.
    used_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "channel", "provider_id"], name="written_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "received_at"],
                name="written_open",
                condition=models.Q(state="open"),
            ),
            models.Index(fields=["merchant", "order", "received_at"], name="written_of_order"),
            # The 24 hours of WhatsApp count from a person's newest message.
            models.Index(
                fields=["merchant", "channel", "sender", "received_at"], name="written_from"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} by {self.channel}"


class AnswerRules(MerchantOwned):
    """A merchant's choices; no row means that both are on."""

    #: Say by itself that a message was received.
    replies_by_itself = models.BooleanField(default=True)
    #: Replies to our mails come here; else they go to the shop's support address.
    takes_mail = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="answer_rules_once"),
        ]
