"""Sample data of the style page: one invented parcel, told in English and in Arabic."""

from __future__ import annotations

from typing import Any, Final

from lib.carrier_words import own_words_of

_STATES: Final = ("done", "done", "done", "done", "current", "next", "next")
_KEYS: Final = (
    "placed",
    "confirmed",
    "packed",
    "shipped",
    "in_transit",
    "out_for_delivery",
    "delivered",
)


def _rail(dates: tuple[str, ...], *, attempt: str = "", label: str = "") -> list[dict[str, str]]:
    """Steps of the rail; with `attempt` (its date) the sixth step is the incident."""
    padded = dates + ("",) * (len(_KEYS) - len(dates))
    steps = [
        {"key": key, "date": date, "iso": "", "state": state}
        for key, date, state in zip(_KEYS, padded, _STATES, strict=True)
    ]
    if attempt:
        steps[4]["state"] = "done"
        steps[5] = {
            "key": "attempt_failed",
            "label": label,
            "date": attempt,
            "iso": "",
            "state": "incident",
        }
    return steps


def _events(rows: tuple[tuple[str, str, str, str], ...], language: str) -> list[dict[str, Any]]:
    """Timeline events from (sentence, place, time, the carrier's words) rows, newest first."""
    return [
        {
            "sentence": sentence,
            "place": place,
            "time": time,
            "iso": "",
            "whose": own_words_of("Aramex" if language == "en" else "أرامكس"),
            "carrier_words": words,
            "carrier_lang": "en",
            "code": "SH014",
            "act": False,
        }
        for sentence, place, time, words in rows
    ]


_WORDS: Final = (
    "Shipment is in transit between operations",
    "Departed operations facility - In Transit",
    "Received at Origin Facility",
    "Picked Up From Shipper",
    "Record created.",
)

ENGLISH: Final[dict[str, Any]] = {
    "title": "Style",
    "lead": "Every component once. What is not here is not in the product.",
    "other_language": {"url": "?lang=ar", "label": "العربية", "code": "ar"},
    "rail": _rail(("Fri 6 Nov", "Fri 6 Nov", "Sat 7 Nov", "Sun 8 Nov", "Mon 9 Nov")),
    "rail_incident": _rail(
        ("Fri 6 Nov", "Fri 6 Nov", "Sat 7 Nov", "Sun 8 Nov", "Mon 9 Nov"),
        attempt="Thu 12 Nov",
        label="Delivery attempt failed",
    ),
    "events": _events(
        (
            ("On the way between two depots", "Dubai", "Mon 9 Nov, 2:05 pm", _WORDS[0]),
            ("Left the depot", "Riyadh", "Sun 8 Nov, 11:40 pm", _WORDS[1]),
            ("Arrived at the first depot", "Riyadh", "Sun 8 Nov, 7:15 pm", _WORDS[2]),
            ("Handed to Aramex", "Riyadh", "Sun 8 Nov, 4:20 pm", _WORDS[3]),
            ("Label made", "", "Sat 7 Nov, 10:02 am", _WORDS[4]),
        ),
        "en",
    ),
    "parcel": {
        "title": "Parcel 1 of 2",
        "status": "in_transit",
        "flags": ["delayed"],
        "carrier": "Aramex",
        "tracking_number": "3958 3110 0427",
        "carrier_url": "#",
        "window": {
            "text": "Expected Thu 12 – Sat 14 November",
            "was": "Tue 10 November",
            "sure": "9 of 10 parcels on this route arrive inside these dates",
        },
        "items": [
            {"name": "Linen shirt, sand", "option": "Size M", "quantity": 1},
            {"name": "Canvas tote", "option": "", "quantity": 2},
        ],
    },
    "address": {
        "name": "Noura Al Qahtani",
        "lines": ["Villa 14, Street 22", "Al Olaya, Riyadh 12213"],
        "landmark": "Opposite the pharmacy",
        "code": "RRRD2929",
        "country": "Saudi Arabia",
        "phone": "+966 50 555 0142",
    },
    "person": {"name": "Noura Al Qahtani", "initials": "NQ", "detail": "noura@example.com"},
    "fresh": {
        "before": "Checked",
        "time": "9 November, 2:17 pm",
        "iso": "2026-11-09T14:17:00+04:00",
    },
    "feed_down": (
        "No updates from Aramex since 2:05 pm. That does not mean your parcel has stopped."
    ),
    "kv": [
        {"label": "Service", "value": "Priority Express"},
        {
            "label": "Next look",
            "value": "in 24 minutes",
            "why": "every 30 minutes while in transit",
        },
        {"label": "Number", "value": "395831100427", "mono": True},
    ],
    "tabs": [
        {"label": "All", "url": "#", "current": True, "count": "1,284"},
        {"label": "Needs you", "url": "#", "current": False, "count": 7},
        {"label": "Late", "url": "#", "current": False, "count": 12},
        {"label": "Delivered", "url": "#", "current": False, "count": None},
    ],
    "crumbs": [{"label": "Orders", "url": "#"}, {"label": "1042", "url": "#"}],
    "filters": [
        {
            "name": "carrier",
            "label": "Carrier",
            "value": "",
            "blank": "Any carrier",
            "options": [{"value": "aramex", "label": "Aramex"}, {"value": "smsa", "label": "SMSA"}],
        }
    ],
    "columns": [
        {"label": "Order", "sort_url": "#", "sorted": "descending"},
        {"label": "Customer"},
        {"label": "Status"},
        {"label": "Expected", "end": True},
    ],
    "rows": [
        {
            "number": "1042",
            "who": "Noura Al Qahtani",
            "status": "in_transit",
            "when": "Thu 12 – Sat 14 Nov",
        },
        {"number": "1041", "who": "James Okafor", "status": "attempt_failed", "when": "Today"},
        {
            "number": "1040",
            "who": "Mariam Haddad",
            "status": "delivered",
            "when": "Delivered Sat 7 Nov",
        },
    ],
    "todo": {
        "tone": "act",
        "icon": "user-x",
        "sentence": "3 deliveries failed today",
        "detail": "Two customers have answered with a new time",
        "url": "#",
        "action": "Look",
    },
    "diff": [
        {"field": "Expected", "before": "Tue 10 Nov", "after": "Thu 12 – Sat 14 Nov"},
        {"field": "Landmark", "before": "", "after": "Opposite the pharmacy"},
    ],
    "steps": [
        {"label": "Shop", "url": "#", "state": "done"},
        {"label": "Carriers", "url": "#", "state": "current"},
        {"label": "Look", "url": "#", "state": "next"},
    ],
    "stat": {"label": "On time", "value": "94.2 %", "detail": "last 30 days, 1,120 parcels"},
    "faq": [
        {
            "question": "What if I am not at home?",
            "answer": "The courier calls first. You can also choose another day on this page.",
        }
    ],
    "field": {
        "label": "Order number",
        "help": "It stands in the e-mail that confirmed your order.",
        "error": "Enter the order number, for example 1042.",
    },
    "select_label": "Language",
    "languages": [{"value": "en", "label": "English"}, {"value": "ar", "label": "العربية"}],
    "switch": {"label": "Tell the customer", "help": "By e-mail, in the customer's language"},
    "buttons": ("Save the rule", "Preview", "Delete", "Cancel"),
    "empty": "No orders yet. They appear here as soon as a shop is connected.",
    "empty_action": {"label": "Connect a shop", "url": "#"},
    "notes": {
        "good": "Saved. 12 parcels were read again; nobody was messaged.",
        "act": "Aramex refuses these credentials.",
        "wait": "Deliveries pause from Thu 19 to Sat 21 March for Eid.",
        "moving": "Order 1042 left the warehouse this morning.",
        "quiet": "This is a demonstration shop.",
    },
    "progress": {"label": "Reading orders of the last 60 days", "detail": "about 40 seconds left"},
    "body": '{"number": "1001",\n "destination": {"country": "AE"}}',
    "pages_summary": "1–50 of about 1,200",
    "dialog": {
        "open": "Cancel the parcel",
        "title": "Cancel this parcel?",
        "sentence": "Aramex is told at once. This cannot be undone.",
        "confirm": "Cancel the parcel",
    },
}

_ARABIC_DAYS: Final = ("الجمعة 6", "الجمعة 6", "السبت 7", "الأحد 8", "الاثنين 9", "الخميس 12", "")
_ARABIC_STEPS: Final = (
    "تم استلام الطلب",
    "تم التأكيد",
    "تم التجهيز",
    "سُلّمت للشحن",
    "في الطريق",
    "خرجت للتوصيل",
    "تم التسليم",
)


def _in_arabic(rail: list[dict[str, str]], *, attempt: str = "") -> list[dict[str, str]]:
    """The same rail with Arabic labels and days; `attempt` names the incident."""
    return [
        {
            **step,
            "label": attempt if step["state"] == "incident" else label,
            "date": f"{day} نوفمبر" if step["date"] else "",
        }
        for step, label, day in zip(rail, _ARABIC_STEPS, _ARABIC_DAYS, strict=True)
    ]


ARABIC: Final[dict[str, Any]] = {
    **ENGLISH,
    "title": "المظهر",
    "lead": "كل مكوّن مرة واحدة، وما ليس هنا ليس في المنتج.",
    "other_language": {"url": "?lang=en", "label": "English", "code": "en"},
    "rail": _in_arabic(ENGLISH["rail"]),
    "rail_incident": _in_arabic(ENGLISH["rail_incident"], attempt="تعذّر التسليم"),
    "events": _events(
        (
            ("في الطريق بين مركزين", "دبي", "الاثنين 9 نوفمبر، 2:05 م", _WORDS[0]),
            ("غادرت المركز", "الرياض", "الأحد 8 نوفمبر، 11:40 م", _WORDS[1]),
            ("وصلت إلى المركز الأول", "الرياض", "الأحد 8 نوفمبر، 7:15 م", _WORDS[2]),
            ("سلّمنا شحنتك إلى أرامكس", "الرياض", "الأحد 8 نوفمبر، 4:20 م", _WORDS[3]),
            ("تم إنشاء بوليصة الشحن", "", "السبت 7 نوفمبر، 10:02 ص", _WORDS[4]),
        ),
        "ar",
    ),
    "parcel": {
        **ENGLISH["parcel"],
        "title": "الشحنة 1 من 2",
        "carrier": "أرامكس",
        "window": {
            "text": "نتوقع وصولها بين الخميس 12 والسبت 14 نوفمبر",
            "was": "الثلاثاء 10 نوفمبر",
            "sure": "تصل 9 من كل 10 شحنات على هذا المسار بين هذين الموعدين",
        },
        "items": [
            {"name": "قميص كتان، لون رملي", "option": "المقاس M", "quantity": 1},
            {"name": "حقيبة قماشية", "option": "", "quantity": 2},
        ],
    },
    "address": {
        "name": "نورة القحطاني",
        "lines": ["فيلا 14، شارع 22", "العليا، الرياض 12213"],
        "landmark": "مقابل الصيدلية",
        "code": "RRRD2929",
        "country": "المملكة العربية السعودية",
        "phone": "+966 50 555 0142",
    },
    "person": {"name": "نورة القحطاني", "initials": "نق", "detail": "noura@example.com"},
    "fresh": {**ENGLISH["fresh"], "before": "تحققنا", "time": "9 نوفمبر، 2:17 م"},
    "feed_down": "لم تصلنا تحديثات من أرامكس منذ الساعة 2:05 م، ولا يعني ذلك أن شحنتك توقفت.",
    "rows": [
        {
            "number": "1042",
            "who": "نورة القحطاني",
            "status": "in_transit",
            "when": "الخميس 12 – السبت 14 نوفمبر",
        },
        {"number": "1041", "who": "James Okafor", "status": "attempt_failed", "when": "اليوم"},
        {"number": "1040", "who": "مريم حداد", "status": "delivered", "when": "السبت 7 نوفمبر"},
    ],
    "notes": {
        **ENGLISH["notes"],
        "wait": "يتوقف التوصيل من الخميس 19 إلى السبت 21 مارس بمناسبة العيد.",
    },
    "faq": [
        {
            "question": "ماذا لو لم أكن في المنزل؟",
            "answer": "يتصل بك المندوب أولًا، ويمكنك أيضًا اختيار يوم آخر من هذه الصفحة.",
        }
    ],
}
