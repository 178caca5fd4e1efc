"""Which encoding a file is in. Pure.

In this order: a byte order mark; every second byte NUL (UTF-16); UTF-8, if the whole file is valid
in it; else the old code page in which the text reads best. Libraries guess from the statistics of
prose, and lists of orders are names and streets: here it counts whether the letters are of the
script that the code page is for, whether they are usual ones, and whether accents stand inside
words. A person may choose another one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from typing import Final

from stores.csv.problems import FileProblem

#: Codec → what people call it. What the mapping page offers.
ENCODINGS: Final = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp949": "CP949, EUC-KR (Korean)",
    "gb18030": "GB 18030, GBK (Chinese)",
    "cp932": "Shift_JIS (Japanese)",
}
#: Enough to tell by, and little enough to decode five times.
SAMPLE: Final = 262_144
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Bytes that begin what people take for a CSV file and is none.
_OTHERS: Final = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"%PDF", "pdf"),
    (b"<!DOCTYPE", "html"),
    (b"<html", "html"),
    (b"<table", "html"),
    (b"{\\rtf", "not_text"),
    (b"\x1f\x8b", "not_text"),
)
#: Control characters that no text holds.
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_USUAL_HANGUL: Final = frozenset(
    "시구동로길번지호층서울경기도인천부산대구광주전남북읍면리아파트이김박최정주문상품명수량송장택배결제일자번호름전화우편옵션"
)
_USUAL_HAN: Final = frozenset(
    "省市区县路号街镇乡村大小中国北京上海广州深圳单元室楼栋的一是不有在人订单号收件姓名电话地址商品数量运快递公司物流时间价格金额付款状态"
    "張王李陈陳林黄黃港臺台湾灣區縣號東西南日月年"
)
_KANA: Final = re.compile(r"[\u3041-\u30fe]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_ARABIC: Final = re.compile(r"[\u0621-\u0652\u067e\u0686\u0698\u06af\u060c\u061b\u061f]")
#: An accent of Western Europe beside a plain letter, as in "Zoë" or "Überweg".
_ACCENT: Final = re.compile(r"(?<=[a-z])[à-öø-ÿßœ]|[À-ÖØ-Þà-öø-ÿœ](?=[a-z])|(?<=[A-Z])[À-ÖØ-Þ]")
_TYPOGRAPHY: Final = frozenset("€‘’“”–—…°®™·£\xa0«»")


def find_encoding(chunks: Callable[[], Iterable[bytes]]) -> str:
    """The codec of a file, given as a way to read it again from its beginning.

    Raises FileProblem: "empty", "workbook", "pdf", "html", "not_text".
    """
    sample = _head(chunks())
    if not sample.strip(b"\x00 \r\n\t"):
        raise FileProblem("empty")
    start = sample[:512].lstrip().lower()
    for mark, code in _OTHERS:
        if start.startswith(mark.lower()):
            raise FileProblem(code)
    for mark, codec in _MARKS:
        if sample.startswith(mark):
            return codec
    if codec := _wide(sample):
        return codec
    if sample.count(0) * 200 > len(sample) or len(_CONTROL.findall(sample)) * 100 > len(sample):
        raise FileProblem("not_text")
    return "utf-8-sig" if _is_valid("utf-8", chunks()) else _best(sample)


def _head(chunks: Iterable[bytes]) -> bytes:
    head = bytearray()
    for chunk in chunks:
        head += chunk
        if len(head) >= SAMPLE:
            break
    return bytes(head[:SAMPLE])


def _wide(sample: bytes) -> str:
    """UTF-16 without its mark: the high bytes of Latin letters, commas and digits are NUL."""
    even, odd = sample[:4096:2].count(0), sample[1:4096:2].count(0)
    half = min(len(sample), 4096) // 2
    if half and odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if half and even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _is_valid(codec: str, chunks: Iterable[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        for chunk in chunks:
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _best(sample: bytes) -> str:
    """The code page in which the sample reads best; Windows-1252 where none is better."""
    scores = {codec: _score(codec, sample) for codec in _SCORES}
    best = max(scores, key=lambda codec: scores[codec])
    return best if scores[best] > 0 else "cp1252"


def _score(codec: str, sample: bytes) -> float:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        text = decoder.decode(sample)
    except UnicodeDecodeError:
        return 0.0
    foreign = [char for char in text if char >= "\x80"]
    return _SCORES[codec](text) / len(foreign) if foreign else 0.0


def _korean(text: str) -> float:
    found = _HANGUL.findall(text)
    return 0.6 * len(found) + 0.8 * sum(char in _USUAL_HANGUL for char in found)


def _chinese(text: str) -> float:
    found = _HAN.findall(text)
    return 0.4 * len(found) + 1.1 * sum(char in _USUAL_HAN for char in found)


def _japanese(text: str) -> float:
    han = _HAN.findall(text)
    return 1.2 * len(_KANA.findall(text)) + 0.4 * len(han) + 0.4 * sum(c in _USUAL_HAN for c in han)


def _arabic(text: str) -> float:
    # Words, not single letters between Latin ones: "Müller" is no Arabic.
    return 1.0 * sum(len(word) for word in re.findall(rf"{_ARABIC.pattern}{{2,}}", text))


def _western(text: str) -> float:
    found = len(_ACCENT.findall(text)) + sum(char in _TYPOGRAPHY for char in text)
    return 0.9 * found


_SCORES: Final[dict[str, Callable[[str], float]]] = {
    "cp1252": _western,
    "cp1256": _arabic,
    "cp949": _korean,
    "gb18030": _chinese,
    "cp932": _japanese,
}
