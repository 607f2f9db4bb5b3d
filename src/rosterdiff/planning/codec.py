"""One plan, one file: saved whole or not at all, and loaded only when every byte is as it was written.

Invariants: the same plan gives the same bytes; the file that stood there before stays until the new one is
complete; what is loaded was validated as what is built. The format is described in `docs/plan-format.md`.
"""

import hashlib
import io
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import IO, Any, Final

import polars as pl

from rosterdiff._version import __version__
from rosterdiff.errors import DamagedPlan, NewerPlan, RosterError
from rosterdiff.frames import Roster
from rosterdiff.issues import complete_issues
from rosterdiff.planning import columns, records
from rosterdiff.plans import Plan, plan_problems
from rosterdiff.schema import (
    CANDIDATES,
    CHANGES,
    CLEARS,
    COVERAGE,
    DELETABLE,
    DOUBTS,
    ENTRIES,
    GUARD_RESULTS,
    ISSUES,
    PLACES,
    ROSTER,
    STEPS,
    conform,
)

FORMAT: Final = "rosterdiff plan"
FORMAT_VERSION: Final = 3
"""Raised whenever a reader of the earlier number could not read the file rightly."""

_MANIFEST: Final = "manifest.json"
_ROSTER_PARTS: Final = {"issues": ISSUES, "places": PLACES, "clears": CLEARS, "doubts": DOUBTS}
_PLAN_FRAMES: Final = {
    "entries": ENTRIES,
    "changes": CHANGES,
    "candidates": CANDIDATES,
    "issues": ISSUES,
    "coverage": COVERAGE,
    "guards": GUARD_RESULTS,
    "steps": STEPS,
    "deletable": DELETABLE,
}
_BEFORE_FORMAT_2: Final = {
    "candidates": pl.Schema(
        {name: dtype for name, dtype in CANDIDATES.items() if not name.startswith(("further_", "together_"))}
    )
}
"""The frames that were otherwise in format 1, without what several fields say together."""

_NEW_PLACES: Final = frozenset({"known_by", "confidence", "header_row"})
_BEFORE_FORMAT_3: Final = {
    "issues": pl.Schema({name: dtype for name, dtype in ISSUES.items() if name not in {"count", "cells"}}),
    "places": pl.Schema({name: dtype for name, dtype in PLACES.items() if name not in _NEW_PLACES}),
}
"""The frames that were otherwise before format 3, in a plan and in its rosters."""

_ROSTERS: Final = ("base", "incoming")
_SEAL_SIZE: Final = 64  # hexadecimal digits of SHA-256
_MANIFEST_LIMIT: Final = 64 << 20  # 64 MiB hold a decision for each of 100,000 rows
_SMALL: Final = 64 << 20  # below this no file is suspected
_MOST: Final = 4 << 30  # a million rows against a million take less than 2 GiB
_GROWTH: Final = 100  # text of this kind deflates tenfold; a hundredfold is a bomb
_UNUSABLE: Final = (
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    OverflowError,
    RosterError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    pl.exceptions.PanicException,
    pl.exceptions.PolarsError,
)
"""What content that no version of ours wrote may raise while it is read; told as `DamagedPlan`, values left out."""


def save_plan(plan: Plan, path: str | PathLike[str]) -> None:
    """Write a plan to one file; the file that stood there stays whole if this fails.

    Args:
        plan: the plan, resolved or not.
        path: where to write it, by custom ending in `.rdiff`.

    Raises:
        OSError: the file cannot be written: no such folder, not permitted, the disk is full.

    """
    target = Path(path).resolve()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            _write_archive(plan, stream)
        _seal(part)
        os.replace(part, target)  # noqa: PTH105  (one call for both names: replaced in one step)
    finally:
        part.unlink(missing_ok=True)


def load_plan(path: str | PathLike[str]) -> Plan:
    """Read a plan that `save_plan` wrote.

    Raises:
        DamagedPlan: the file is not whole, was altered, or is no plan.
        NewerPlan: a later version of rosterdiff wrote it.
        OSError: the file cannot be opened.

    """
    with Path(path).open("rb") as stream:
        return _read_plan(stream)


def encode_plan(plan: Plan) -> bytes:
    """Give the bytes that `save_plan` writes, for a host that keeps plans elsewhere than in files."""
    stream = io.BytesIO()
    _write_archive(plan, stream)
    digest = _digest_before_seal(stream)
    stream.seek(-_SEAL_SIZE, os.SEEK_END)
    stream.write(digest)
    return stream.getvalue()


def decode_plan(content: bytes) -> Plan:
    """Read what `encode_plan` gave.

    Raises:
        DamagedPlan, NewerPlan: as `load_plan`.

    """
    return _read_plan(io.BytesIO(content))


# Writing


def _write_archive(plan: Plan, stream: IO[bytes]) -> None:
    members: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, frame in _frames_of(plan):
            content = columns.encode_frame(frame)
            members[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            archive.writestr(_member(name), content)
        archive.writestr(_member(_MANIFEST), records.encode(_manifest(plan, members)))
        archive.comment = b"0" * _SEAL_SIZE


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _frames_of(plan: Plan) -> Iterator[tuple[str, pl.DataFrame]]:
    for side in _ROSTERS:
        roster: Roster = getattr(plan, side)
        yield f"{side}/frame.json", roster.frame
        for part in _ROSTER_PARTS:
            yield f"{side}/{part}.json", getattr(roster, part)
    for name in _PLAN_FRAMES:
        yield f"{name}.json", getattr(plan, name)


def _manifest(plan: Plan, members: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "rosterdiff": __version__,
        "plan_id": plan.plan_id,
        "origin": plan.origin,
        "as_of": plan.as_of.isoformat() if plan.as_of else None,
        "school_year": plan.school_year,
        "policy": records.policy_to_dict(plan.policy),
        "decisions": [records.decision_to_dict(decision) for decision in plan.decisions],
        "overrides": [records.override_to_dict(override) for override in plan.overrides],
        "members": members,
    }


def _seal(path: Path) -> None:
    """Replace the archive's comment by the digest of all bytes before it, and bring the file to the disk."""
    with path.open("r+b") as stream:
        digest = _digest_before_seal(stream)
        stream.seek(-_SEAL_SIZE, os.SEEK_END)
        stream.write(digest)
        stream.flush()
        os.fsync(stream.fileno())


# Reading


def _read_plan(stream: IO[bytes]) -> Plan:
    sealed = _is_sealed(stream)
    size = stream.seek(0, os.SEEK_END)
    try:
        with zipfile.ZipFile(stream) as archive:
            return _read_archive(archive, sealed=sealed, size=size)
    except (DamagedPlan, NewerPlan):
        raise
    except _UNUSABLE:
        raise _damaged("it is no archive that rosterdiff wrote") from None


def _is_sealed(stream: IO[bytes]) -> bool:
    if stream.seek(0, os.SEEK_END) <= _SEAL_SIZE:
        return False
    digest = _digest_before_seal(stream)
    return stream.read(_SEAL_SIZE) == digest


def _digest_before_seal(stream: IO[bytes]) -> bytes:
    left = stream.seek(0, os.SEEK_END) - _SEAL_SIZE
    stream.seek(0)
    digest = hashlib.sha256()
    while left and (block := stream.read(min(left, 1 << 20))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()


def _read_archive(archive: zipfile.ZipFile, *, sealed: bool, size: int) -> Plan:
    manifest = _read_manifest(archive)
    if not sealed:
        raise _damaged("its seal does not fit its content")
    names = [*_member_names(), _MANIFEST]
    if [info.filename for info in archive.infolist()] != names or set(manifest["members"]) != set(names[:-1]):
        raise _damaged("members are missing, repeated or unknown")
    total = sum(info.file_size for info in archive.infolist())
    if total > _SMALL and (total > _GROWTH * size or total > _MOST):
        raise _damaged("it would unpack to more than a plan of its size holds")
    try:
        return _build_plan(archive, manifest)
    except DamagedPlan:
        raise
    except _UNUSABLE:
        raise _damaged("its content is not what rosterdiff writes") from None


def _read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    infos = [info for info in archive.infolist() if info.filename == _MANIFEST]
    if len(infos) != 1 or infos[0].file_size > _MANIFEST_LIMIT:
        raise _damaged("it has no manifest that can be read")
    manifest = records.decode(_unpack(archive, infos[0]))
    found = manifest.get("format_version")
    if manifest.get("format") != FORMAT or type(found) is not int or found < 1:
        raise _damaged("its manifest is not that of a plan")
    if found > FORMAT_VERSION:
        raise NewerPlan(found, FORMAT_VERSION)
    return manifest


def _member_names() -> list[str]:
    sides = [f"{side}/{part}.json" for side in _ROSTERS for part in ("frame", *_ROSTER_PARTS)]
    return sides + [f"{name}.json" for name in _PLAN_FRAMES]


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise _damaged("a member is packed in another way")
    with archive.open(info) as member:
        return member.read(info.file_size)


def _build_plan(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> Plan:
    rosters = {side: _read_roster(archive, manifest, side) for side in _ROSTERS}
    frames = {name: _read_part(archive, manifest, f"{name}.json", schema) for name, schema in _PLAN_FRAMES.items()}
    fields: dict[str, Any] = {**records.plan_fields(manifest), **rosters, **frames}  # Any: each name has its own type
    plan = Plan(**fields)
    if problems := plan_problems(plan):  # also where assertions are switched off
        raise _damaged("; ".join(problems))
    return plan


def _read_roster(archive: zipfile.ZipFile, manifest: dict[str, Any], side: str) -> Roster:
    frame = _read_frame(archive, manifest, f"{side}/frame.json", ROSTER, further=True)
    if frame["row"].to_list() != list(range(frame.height)):
        raise _damaged("the rows of a roster are not numbered from 0")
    parts = {
        part: _read_part(archive, manifest, f"{side}/{part}.json", schema) for part, schema in _ROSTER_PARTS.items()
    }
    return Roster(frame, **parts)


def _read_part(archive: zipfile.ZipFile, manifest: dict[str, Any], member: str, schema: pl.Schema) -> pl.DataFrame:
    """A frame as its format wrote it, brought to the schema of today."""
    name, found = member.removesuffix(".json").rpartition("/")[2], manifest["format_version"]
    earlier = (_BEFORE_FORMAT_2 if found < 2 else {}) | (_BEFORE_FORMAT_3 if found < 3 else {})
    written = conform(_read_frame(archive, manifest, member, earlier.get(name, schema)), schema)
    return complete_issues(written) if name == "issues" else written


def _read_frame(
    archive: zipfile.ZipFile, manifest: dict[str, Any], name: str, schema: pl.Schema, *, further: bool = False
) -> pl.DataFrame:
    content = _unpack(archive, archive.getinfo(name))
    told = manifest["members"][name]
    if told != {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}:
        raise _damaged(f"the digest of {name} does not fit")
    return columns.decode_frame(content, schema, further=further)


def _damaged(what: str) -> DamagedPlan:
    return DamagedPlan(
        f"A plan as rosterdiff saved it was expected; this file is damaged or no plan: {what}.",
        "Copy the file again from where it was saved, or make the plan again.",
    )
