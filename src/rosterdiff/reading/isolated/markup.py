"""Web pages and XML by their first bytes, whatever encoding they are in.

Invariants: nothing is parsed or decoded; what looks like a text table is none of them.
"""

import codecs
import re
from typing import Final

_LOOKED_AT: Final = 400
_XML: Final = re.compile(rb"(?i)<(?:\?xml|\?mso|(?:ss:)?workbook)[\s>?]")
_PAGE: Final = re.compile(rb"(?i)<(?:!doctype|!--|html|head|body|meta|style|title|table|div|center|font)[\s>]")


def beginning_of(data: bytes) -> bytes:
    """The first bytes, without the marks of an encoding and what UTF-16 puts between letters.

    >>> beginning_of("  <table>".encode("utf-16"))
    b'<table>'
    """
    beginning = data[:_LOOKED_AT]
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        beginning = beginning[2:].replace(b"\0", b"")
    return beginning.removeprefix(codecs.BOM_UTF8).lstrip()


def is_markup(beginning: bytes) -> bool:
    """Whether a file begins as a web page or as XML."""
    return is_xml(beginning) or _PAGE.match(beginning) is not None


def is_xml(beginning: bytes) -> bool:
    """Whether a file says of itself that it is XML, or begins as a workbook of Excel 2003 in it."""
    return _XML.match(beginning) is not None
