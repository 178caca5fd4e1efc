"""CSV out, for people who open it in a spreadsheet: no cell of ours is ever run as a formula.

Every CSV that this project writes goes through `line`. What a spreadsheet would run gets an
apostrophe before it, which is what OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection);
`restored` takes it off again, so that our own files come back as they were.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

#: Read as a formula, also behind blanks or quotation marks that a spreadsheet takes off. The wide
#: forms are what Japanese and Chinese keyboards type.
_FORMULA: Final = re.compile(r"""[\s'"]*(?:[=+\-@＝＋－＠]|(?<=\t)|(?<=\r)|(?<=\n))""")
_QUOTE: Final = "'"
#: Excel takes a file without it for the machine's old code page.
BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"


def harmless(cell: str) -> str:
    """The cell as it may stand in a spreadsheet; only what could be a formula is changed."""
    return _QUOTE + cell if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """What `harmless` was given: for every text, `restored(harmless(text)) == text`."""
    is_ours = cell.startswith(_QUOTE) and _FORMULA.match(cell[1:])
    return cell[1:] if is_ours else cell


def line(cells: Iterable[str]) -> str:
    """One record with its line end: every cell harmless and in quotation marks."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue()
