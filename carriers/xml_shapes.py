"""Reading and writing carriers' XML: elements by local name, and SOAP envelopes.

Carriers change namespaces and prefixes between versions and test systems; the local name
is what stays. Parsing is `carriers.base.read_xml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from carriers.shapes import text

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"

Tree = Mapping[str, Any]
"""Elements to write, by name: text, a number, a Tree, or a list for repeated elements."""


def local(element: Element) -> str:
    """The element's name without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def named(root: Element, *names: str) -> Iterator[Element]:
    """The element itself and everything below it that has one of these local names."""
    return (element for element in root.iter() if local(element) in names)


def first(root: Element, *names: str) -> Element | None:
    """The first of `named`, in the document's order."""
    return next(named(root, *names), None)


def child(element: Element, *path: str) -> Element | None:
    """Down the path of local names, the first child of each; None where one is missing."""
    found = element
    for name in path:
        below = next((one for one in found if local(one) == name), None)
        if below is None:
            return None
        found = below
    return found


def words(element: Element | None, *path: str) -> str:
    """The text at the path below the element; "" where there is none."""
    found = child(element, *path) if element is not None else None
    return text(found.text) if found is not None else ""


def fields(element: Element) -> dict[str, str]:
    """The element's children as name → text; of repeated names the first that has text."""
    found: dict[str, str] = {}
    for one in element:
        name, said = local(one), text(one.text)
        if name and not found.get(name):
            found[name] = said
    return found


def fault(root: Element) -> str | None:
    """The text of a SOAP fault (1.1 and 1.2); None when the document is none."""
    found = first(root, "Fault")
    if found is None:
        return None
    reason = first(found, "Reason")
    said = words(found, "faultstring") or (words(reason, "Text") if reason is not None else "")
    return said or "no reason given"


def document(name: str, content: Tree, attributes: Mapping[str, str] | None = None) -> bytes:
    """An XML document with this root, escaped, UTF-8."""
    root = Element(name, dict(attributes or {}))
    _fill(root, content)
    return _written(root)


def soap(
    operation: str,
    content: Tree,
    *,
    namespace: str,
    header: Tree | None = None,
    prefix: str = "v",
    further: Mapping[str, str] | None = None,
) -> bytes:
    """A SOAP 1.1 call of `operation` (in `namespace`, written as `prefix:operation`).

    Names inside are taken as given: write "v:pin" where the service wants its children qualified.
    `further` are more namespaces by their prefix, for a header that has one of its own.
    """
    spaces = {"soapenv": SOAP, prefix: namespace, **(further or {})}
    root = Element("soapenv:Envelope", {f"xmlns:{name}": uri for name, uri in spaces.items()})
    _fill(SubElement(root, "soapenv:Header"), header or {})
    body = SubElement(root, "soapenv:Body")
    _fill(SubElement(body, f"{prefix}:{operation}"), content)
    return _written(root)


def _fill(parent: Element, content: Tree) -> None:
    for name, value in content.items():
        values: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
        for one in values:
            element = SubElement(parent, name)
            if isinstance(one, Mapping):
                _fill(element, one)
            else:
                element.text = str(one)


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
