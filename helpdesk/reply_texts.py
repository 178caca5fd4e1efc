"""What follows the heading in a reply: one text for each status, and for what needs its own.

They promise only what the agent who sends them can do.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from lib.vocabulary import Status

#: What follows the heading, by status; a sub-status or "late", "silent" and "quiet" may say it
#: better. "…_known": with a figure for how long no scan is usual.
BODIES: Final[dict[str, str]] = {
    Status.PENDING: gettext_noop("The page below shows it as soon as it is on its way."),
    Status.INFO_RECEIVED: gettext_noop(
        "It is announced to %(carrier)s and is collected next. The page below shows the first scan "
        "as soon as there is one."
    ),
    Status.PICKED_UP: gettext_noop(
        "It has left us. Each further step appears on the page below by itself."
    ),
    Status.IN_TRANSIT: gettext_noop(
        "You need to do nothing. If the date changes, the page below will say so."
    ),
    Status.CUSTOMS: gettext_noop(
        "Customs checks belong to this route, and you need to do nothing now."
    ),
    "customs.information_required": gettext_noop(
        "The page below says what is missing. If anything about it is unclear, please write to me."
    ),
    "customs.duties_unpaid": gettext_noop(
        "As soon as they are paid, the parcel travels on. If anything about them is unclear, "
        "please write to me."
    ),
    "customs.prohibited": gettext_noop(
        "I am sorry. I will find out what can be done and write to you again."
    ),
    Status.OUT_FOR_DELIVERY: gettext_noop(
        "The courier has it. Please keep your phone within reach in case of a call."
    ),
    "out.reschedule_needed": gettext_noop(
        "Please tell me which day suits you, and I will pass it on to %(carrier)s."
    ),
    Status.AVAILABLE_FOR_PICKUP: gettext_noop(
        "Please take an ID and the number %(tracking)s with you."
    ),
    "pickup.missed": gettext_noop(
        "It was not collected in time. Tell me how you would like to go on, and I will ask "
        "%(carrier)s to keep it for you."
    ),
    Status.ATTEMPT_FAILED: gettext_noop(
        "An answer to this message is enough: I will pass the day on, or take it up with "
        "%(carrier)s."
    ),
    "attempt.cod_not_paid": gettext_noop(
        "Please have the amount ready next time, or tell me if you would rather pay another way."
    ),
    "attempt.disputed_by_shopper": gettext_noop(
        "I am sorry. I will write to you as soon as %(carrier)s has answered."
    ),
    Status.EXCEPTION: gettext_noop(
        "I am sorry. I am asking %(carrier)s what it means for your parcel and will write to you "
        "again."
    ),
    "exception.address": gettext_noop(
        "Please answer with the full address, a landmark nearby and a phone number for the "
        "courier. I will pass them on at once."
    ),
    "exception.address_id_missing": gettext_noop(
        "Please answer with the national address code of the building. I will pass it on at once."
    ),
    "exception.recipient_moved": gettext_noop(
        "Please answer with the address where you would like to receive it. I will pass it on at "
        "once."
    ),
    "exception.refused": gettext_noop(
        "If you would still like to have it, tell me, and I will ask %(carrier)s to try again."
    ),
    "exception.damaged": gettext_noop(
        "I am sorry. I will take it up with %(carrier)s and write to you about how we put it right."
    ),
    Status.DELIVERED: gettext_noop(
        "If it is not with you, please ask those who live with you, the neighbours or the "
        "reception, and tell me: I will take it up with %(carrier)s at once."
    ),
    "delivered.disputed_by_shopper": gettext_noop(
        "I am sorry. I will write to you as soon as %(carrier)s has answered."
    ),
    Status.RETURNING: gettext_noop(
        "It could not be delivered. Tell me whether you would like it sent again, and I will see "
        "to it as soon as it is back."
    ),
    Status.RETURNED: gettext_noop(
        "Tell me whether you would like it sent again, and I will see to it."
    ),
    Status.LOST_OR_DESTROYED: gettext_noop(
        "I will take it up with %(carrier)s and write to you about how we put it right."
    ),
    Status.CANCELLED: gettext_noop("If that is not what you wanted, please tell me."),
    Status.EXPIRED: gettext_noop(
        "I am sorry. I am asking %(carrier)s what became of it and will write to you again."
    ),
    "late": gettext_noop(
        "The page below always shows the newest date. If you need it sooner, please tell me."
    ),
    "silent": gettext_noop(
        "It has not been scanned since %(day)s, which is longer than usual. I am asking "
        "%(carrier)s where it is and will write to you again."
    ),
    "silent_known": gettext_noop(
        "It has not been scanned since %(day)s. %(usual)s I am asking %(carrier)s where it is and "
        "will write to you again."
    ),
    "quiet_known": gettext_noop(
        "It was last scanned on %(day)s. %(usual)s You need to do nothing: the next scan appears "
        "on the page below by itself."
    ),
    "pending.bad_number": gettext_noop(
        "The carrier does not know the tracking number yet. I am checking it and will write to "
        "you again."
    ),
    "pending.awaiting_extra_field": gettext_noop(
        "The carrier needs one more detail from us, and I am adding it. You need to do nothing."
    ),
    "info.pickup_failed": gettext_noop(
        "It could not be collected from us yet. I am asking %(carrier)s for a new collection."
    ),
    "transit.at_delivery_depot": gettext_noop(
        "It is at the depot near you. Next it goes on a courier’s round."
    ),
    "transit.forwarded_new_address": gettext_noop(
        "It was sent on to a new address. If you did not ask for that, please tell me."
    ),
    "transit.problem_resolved": gettext_noop(
        "What held it up is solved, and it moves again. You need to do nothing."
    ),
    "customs.cleared": gettext_noop("Customs has let it through, and it travels on."),
    "customs.delay": gettext_noop(
        "I am sorry. Neither you nor we can speed this up; the page below says when it moves on."
    ),
    "delay.weather": gettext_noop(
        "The weather is holding it up. The page below always shows the newest date."
    ),
    "delay.disaster_strike": gettext_noop(
        "Events outside the carrier’s control are holding it up. The page below always shows the "
        "newest date."
    ),
    "delay.capacity": gettext_noop(
        "There are more parcels with %(carrier)s than can be delivered just now. The page below "
        "always shows the newest date."
    ),
    "delay.missorted": gettext_noop(
        "It took a wrong turn and is being sent the right way. The page below always shows the "
        "newest date."
    ),
    "out.customer_contacted": gettext_noop(
        "The courier has tried to reach you. If your phone number has changed, tell me, and I "
        "will pass it on."
    ),
    "out.appointment_scheduled": gettext_noop(
        "If this time does not suit you, tell me, and I will pass another one on to %(carrier)s."
    ),
    "out.rescheduled": gettext_noop(
        "If this time does not suit you, tell me, and I will pass another one on to %(carrier)s."
    ),
    "pickup.last_days": gettext_noop(
        "These are the last days to collect it. Please take an ID and the number %(tracking)s "
        "with you."
    ),
    "attempt.business_closed": gettext_noop(
        "Please tell me when somebody is there to take it, and I will pass it on to %(carrier)s."
    ),
    "attempt.access_restricted": gettext_noop(
        "Please tell me how the courier gets in (a gate, a guard, a code), and I will pass it on "
        "to %(carrier)s."
    ),
    "attempt.no_safe_place": gettext_noop(
        "Please tell me on which day somebody is there, or with whom it may be left, and I will "
        "pass it on to %(carrier)s."
    ),
    "attempt.id_or_otp_failed": gettext_noop(
        "Please have your ID or the code at hand next time. If no code reached you, tell me, and "
        "I will take it up with %(carrier)s."
    ),
    "attempt.unreachable": gettext_noop(
        "Please answer with the phone number on which the courier reaches you best, and I will "
        "pass it on to %(carrier)s."
    ),
    "exception.out_of_area": gettext_noop(
        "Please answer with another address where you can receive it, or tell me if you would "
        "rather collect it. I will ask %(carrier)s what is possible."
    ),
    "exception.rejected_by_carrier": gettext_noop(
        "I am sorry. I am looking for another way to send it and will write to you again."
    ),
    "exception.under_investigation": gettext_noop(
        "I am sorry. I will write to you again when %(carrier)s has answered."
    ),
    "delivered.neighbour_reception_locker": gettext_noop(
        "It was left with a neighbour, at reception or in a locker. If you cannot find it there, "
        "tell me: I will take it up with %(carrier)s at once."
    ),
    "delivered.collected": gettext_noop(
        "If it was not collected by you, tell me: I will take it up with %(carrier)s at once."
    ),
}

#: What became of the customer's own wish after a failed attempt: by state, and "by_hand" for
#: one that waits for somebody here.
WISHES: Final[dict[str, str]] = {
    "by_hand": gettext_noop("You asked for: %(what)s. I am passing it on to %(carrier)s."),
    "received": gettext_noop("You asked for: %(what)s. It is on its way to %(carrier)s."),
    "sent": gettext_noop(
        "You asked for: %(what)s. It is with %(carrier)s, and there is no answer yet. The page "
        "below shows it."
    ),
    "accepted": gettext_noop("You asked for: %(what)s. It was confirmed by %(carrier)s."),
    "refused": gettext_noop(
        "You asked for: %(what)s. It was not possible for %(carrier)s. Please tell me another day, "
        "and I will pass it on."
    ),
}
#: What became of what the customer reported.
CASE_OPEN: Final = gettext_noop(
    "We have your message of %(day)s and are working on it. What comes of it appears on the page "
    "below."
)
CASE_CLOSED: Final = gettext_noop("Your message of %(day)s: %(outcome)s.")
