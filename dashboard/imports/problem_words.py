"""What is wrong with a file or a cell, and what would be right, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from stores.csv.problems import Problem

_FILE: Final[dict[str, Promise]] = {
    "empty": gettext_lazy("The file is empty."),
    "workbook": gettext_lazy(
        "This is an Excel workbook. Open it, choose “Save as”, pick “CSV UTF-8”, and upload that"
        " file. One with a password must be opened with it first."
    ),
    "pdf": gettext_lazy("This is a PDF. Export the orders as CSV instead."),
    "html": gettext_lazy(
        "This is a web page, although it may be called .xls. Open it in a spreadsheet, choose"
        " “Save as”, and pick “CSV UTF-8”."
    ),
    "not_text": gettext_lazy("This is no text file. Export the orders as CSV."),
    "long_line": gettext_lazy(
        "Row %(row)s has more than a million characters: this is no table of orders."
    ),
    "long_cell": gettext_lazy(
        "From row %(row)s on, a cell does not end. A quotation mark there has no partner."
    ),
    "many_columns": gettext_lazy("Row %(row)s has %(detail)s columns. 500 is the most we read."),
    "no_columns": gettext_lazy(
        "No columns were found in row %(row)s. A table of orders has at least two, with their names"
        " in the first row."
    ),
    "no_rows": gettext_lazy("There are column names in row %(row)s, and no orders below them."),
    "too_large": gettext_lazy(
        "The file has more than 100 MB. Split it into several; the order in which you upload them"
        " does not matter."
    ),
    "products_too_large": gettext_lazy("The file is larger than 5 MB."),
    "no_titles": gettext_lazy("Row %(row)s names no column “title”, with the names of products."),
    "many_products": gettext_lazy("20,000 rows are the most. Split the file into several."),
    "no_products": gettext_lazy("There are column names in row %(row)s, and no products below."),
    "no_file": gettext_lazy("Choose a file first."),
    "too_many": gettext_lazy("Many files came in the last hour. Try again a little later."),
    "failed": gettext_lazy(
        "Something in Homeward failed. What was saved so far stays; try again to carry on."
    ),
}  # fmt: skip
_CELL: Final[dict[str, Promise]] = {
    "email": gettext_lazy("is no e-mail address; one looks like name@example.com."),
    "phone": gettext_lazy("is no phone number; one has 5 to 20 digits."),
    "shortened": gettext_lazy(
        "was shortened by the spreadsheet, and its last digits are lost. Format the column as text"
        " and enter the number again."
    ),
    "country": gettext_lazy("is no country we know. Write its name or its two letters (AE, SA)."),
    "language": gettext_lazy("is no language we know. Write its name or its code (ar, en)."),
    "amount": gettext_lazy("is no amount; one looks like 149.00."),
    "currency": gettext_lazy("is no currency; one has three letters (AED, SAR)."),
    "quantity": gettext_lazy("is no quantity; whole numbers only."),
    "time": gettext_lazy("is no date; one looks like 2026-11-25 or 25/11/2026 14:30."),
    "no_such_day": gettext_lazy("is a day that does not exist. Is the day or the month first?"),
    "day_or_month": gettext_lazy("could be two days. Say whether the day or the month is first."),
    "tracking_character": gettext_lazy("holds “%(detail)s”, which no tracking number has."),
    "tracking_short": gettext_lazy("is too short for a tracking number."),
    "tracking_long": gettext_lazy("is too long for a tracking number."),
    "tracking_no_digit": gettext_lazy("has no digit, and every tracking number has some."),
    "tracking_empty": gettext_lazy("is no tracking number."),
    "web_address": gettext_lazy("is no address of the web; one begins with https://."),
    "days": gettext_lazy("is no number of days; whole numbers from 1 to 1,000."),
    "no_product": gettext_lazy("is no product of this shop."),
    "degrees": gettext_lazy("is no degree of latitude or longitude; one looks like 25.2048."),
    "pin": gettext_lazy("is no place on a map; one looks like 25.2048, 55.2708."),
}  # fmt: skip
_ROW: Final[dict[str, Promise]] = {
    "more_cells": gettext_lazy(
        "The row has more cells than there are columns. Text with a comma needs quotation marks."
    ),
    "no_order": gettext_lazy("The row has no order number."),
    "no_title": gettext_lazy("The row has no name of a product."),
    "no_country": gettext_lazy("The country is missing. Add it, or choose one for the whole file."),
    "many_rows": gettext_lazy(
        "More than 2,000 rows have this order number. Is it the right column?"
    ),
    "not_saved": gettext_lazy("The order could not be saved: a number in it is too large."),
    "same_order": gettext_lazy("Right in itself; row %(detail)s of the same order is not."),
}  # fmt: skip


def file_words(code: str, *, row: int = 0, detail: str = "") -> str:
    """One sentence or two about a file that cannot be read, and what to do."""
    return str(_FILE[code]) % {"row": row, "detail": detail}


def problem_words(problem: Problem) -> str:
    """ "Email: “sara@” is no e-mail address; …": the column, the cell, and what would be right."""
    if problem.code in _ROW:
        return str(_ROW[problem.code]) % {"detail": problem.detail}
    why = str(_CELL[problem.code]) % {"detail": problem.detail}
    words = {
        "column": _isolated(problem.column),
        "value": _isolated(_shown(problem.value)),
        "why": why,
    }
    return _("%(column)s: “%(value)s” %(why)s") % words


def row_words(problems: Sequence[Problem]) -> str:
    """All that is wrong with one row."""
    return " ".join(problem_words(problem) for problem in problems)


def _isolated(text: str) -> str:
    """A cell within an Arabic sentence: it keeps its own direction and turns nothing around."""
    if not get_language_bidi():
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _shown(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:60]}…"
