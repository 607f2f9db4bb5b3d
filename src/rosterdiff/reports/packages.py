"""A workbook as the package of parts that it is: read, edited in place, written back.

Invariants: a part that nobody edited is written back with the bytes that it had, so that charts, images, macros and
whatever else a program puts into a workbook stay; names of parts are compared as the format says, without case.
"""

import io
import posixpath
import shutil
import zipfile
from collections.abc import Callable
from typing import BinaryIO, Final

from attrs import field, frozen

from rosterdiff.reports.xml_edits import UnusableXml, outline, put_into, xml_text

TYPES: Final = "[Content_Types].xml"
"""The part that says of what type the others are."""

_NO_RELATIONSHIPS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT_OFFICE: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships/"


@frozen
class Relationship:
    """What a part refers to: `kind` is the last word of its type, `target` the name of another part."""

    rel_id: str
    kind: str
    target: str


@frozen(eq=False)
class Package:
    """The parts of a workbook, of which some were edited."""

    archive: zipfile.ZipFile
    _names: dict[str, str] = field(repr=False)
    _edited: dict[str, bytes] = field(factory=dict, repr=False)

    @classmethod
    def open(cls, data: bytes) -> "Package":
        """Open the package; what it holds is read when it is asked for.

        Raises:
            UnusableXml: it is no archive.

        """
        if not data.startswith(b"PK"):
            raise UnusableXml("the workbook is no archive")  # others may have one in them
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnusableXml("the workbook is no archive") from error
        return cls(archive, {_key(name): name for name in archive.namelist()})

    def __contains__(self, part: str) -> bool:
        return _key(part) in self._names or _key(part) in self._edited

    def read(self, part: str) -> bytes:
        """The bytes of a part, in an encoding that has ASCII within it.

        Raises:
            UnusableXml: there is no such part, or it cannot be unpacked.

        """
        key = _key(part)
        if key in self._edited:
            return self._edited[key]
        if key not in self._names:
            raise UnusableXml("a part of the workbook is missing")
        try:
            return _without_wide_letters(self.archive.read(self._names[key]))
        except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError, EOFError) as error:
            raise UnusableXml("a part of the workbook cannot be unpacked") from error

    def put(self, part: str, content: bytes) -> None:
        """Write a part, new or in the place of what it was."""
        key = _key(part)
        self._names.setdefault(key, part)
        self._edited[key] = content

    def free_name(self, pattern: str) -> str:
        """The first name that no part has: the pattern with a number in the place of its braces."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def relationships(self, part: str) -> list[Relationship]:
        """What a part refers to within the package."""
        own = _relationships_part(part)
        if own not in self:
            return []
        found = [e.attributes for e in outline(self.read(own)) if e.name == "Relationship"]
        return [
            Relationship(
                each.get("Id", ""),
                each.get("Type", "").rpartition("/")[2],
                _resolve(part, each.get("Target", "")),
            )
            for each in found
            if each.get("TargetMode") != "External"
        ]

    def relate(self, part: str, kind: str, target: str, *, strict: bool = False) -> str:
        """Let a part refer to another one, and give the id of the reference; an equal one is used again."""
        known = self.relationships(part)
        for each in known:
            if (each.kind, _key(each.target)) == (kind, _key(target)):
                return each.rel_id
        own = _relationships_part(part)
        xml = self.read(own) if own in self else _NO_RELATIONSHIPS
        taken = {e.attributes.get("Id") for e in outline(xml)}
        rel_id = next(made for n in range(1, len(taken) + 2) if (made := f"rIdMark{n}") not in taken)
        kind_of = (_STRICT_OFFICE if strict else _OFFICE) + kind
        made = f'<Relationship Id="{rel_id}" Type="{kind_of}" Target="/{xml_text(target)}"/>'
        self.put(own, append_child(xml, made))
        return rel_id

    def declare(self, part: str, content_type: str) -> None:
        """Say of what type a part is, unless that is said already."""
        xml = self.read(TYPES)
        said = {_key(e.attributes.get("PartName", "")) for e in outline(xml) if e.name == "Override"}
        if _key(part) not in said:
            made = f'<Override PartName="/{xml_text(part)}" ContentType="{content_type}"/>'
            self.put(TYPES, append_child(xml, made))

    def save(self, stream: BinaryIO) -> None:
        """Write the package: parts in their order, new ones after them."""
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            for info in self.archive.infolist():
                made = zipfile.ZipInfo(info.filename, info.date_time)
                made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
                content = self._edited.get(_key(info.filename))
                with target.open(made, "w", force_zip64=info.file_size > 1 << 31) as written:
                    if content is not None:
                        written.write(content)
                    else:
                        with self.archive.open(info) as source:
                            shutil.copyfileobj(source, written, 1 << 20)
            before = {_key(name) for name in self.archive.namelist()}
            for key, content in self._edited.items():
                if key not in before:
                    made = zipfile.ZipInfo(self._names[key], (2000, 1, 1, 0, 0, 0))
                    made.compress_type = zipfile.ZIP_DEFLATED
                    target.writestr(made, content)


def append_child(xml: bytes, element: str) -> bytes:
    """Put an element at the end of the root of a part."""
    return put_into(xml, outline(xml)[0], element)


def edit_part(data: bytes, part: str, edit: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part edited."""
    package, stream = Package.open(data), io.BytesIO()
    package.put(part, edit(package.read(part)))
    package.save(stream)
    return stream.getvalue()


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").casefold()


def _relationships_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolve(part: str, target: str) -> str:
    """A target as a name of a part: relative to the part that names it, or absolute."""
    plain = target.replace("\\", "/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), plain)) if plain[:1] != "/" else plain.lstrip("/")


def _without_wide_letters(content: bytes) -> bytes:
    """UTF-16 as UTF-8, since what is put in is ASCII."""
    if content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return content
    text = content.decode("utf-16")
    return (text.partition("?>")[2] if text.startswith("<?xml") else text).encode()
