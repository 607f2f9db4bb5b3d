"""Encrypted workbooks → the same, decrypted, with the password that the host gave or the one that Excel never asks for.

Invariants: a password is in no message, no exception and no frame; without the extra (`rosterdiff[passwords]`) every
encrypted workbook is refused by name.

Source: [MS-OFFCRYPTO] 2.4.2 (the default password); OpenDocument 1.2 part 3, section 3.4 (encryption).
"""

import base64
import binascii
import hashlib
import importlib.util
import io
import re
import zipfile
import zlib
from typing import Any, Final

from rosterdiff.reading.isolated.archives import UNPACKING_ERRORS, read_member
from rosterdiff.reading.isolated.frames import Limits, RefusedError, Request

_DEFAULT: Final = "VelvetSweatshop"
"""What Excel encrypts with where only changes are protected: whoever sends such a file never typed a password."""
_MANIFEST: Final = "META-INF/manifest.xml"
_SMALL: Final = 16 << 20
_MOST_ITERATIONS: Final = 10_000_000


def decrypt(data: bytes, password: str | None) -> bytes:
    """An xlsx, xlsb or xls in its envelope, decrypted.

    Raises:
        RefusedError: it is protected by another password, or the extra is not there.

    """
    if importlib.util.find_spec("msoffcrypto") is None:
        raise RefusedError("encrypted" if password is None else "no_decryption")
    for known in (_DEFAULT,) if password is None else (password, _DEFAULT):
        try:
            return _decrypt_with(data, known)
        except _WrongPasswordError:
            continue
    raise RefusedError("encrypted" if password is None else "wrong_password")


class _WrongPasswordError(Exception):
    """The password does not open the file."""


def _decrypt_with(data: bytes, password: str) -> bytes:
    import msoffcrypto  # type: ignore[import-untyped]

    plain = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        _load_key(file, password)
        file.decrypt(plain)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except msoffcrypto.exceptions.InvalidKeyError:
        raise _WrongPasswordError from None
    except Exception:  # noqa: BLE001  (its own errors, and whatever a damaged file makes of its structures)
        raise RefusedError("encrypted" if password == _DEFAULT else "no_decryption") from None
    return plain.getvalue()


def _load_key(file: Any, password: str) -> None:  # a class of the extra, which has no types
    """Take a password only if it is the right one; what reads xls always asks, the others if they are told to."""
    try:
        file.load_key(password=password, verify_password=True)
    except TypeError:
        file.load_key(password=password)


def is_encrypted_ods(archive: zipfile.ZipFile) -> bool:
    """Whether the manifest of an OpenDocument file speaks of encryption."""
    return b"encryption-data" in _manifest(archive)


def _manifest(archive: zipfile.ZipFile) -> bytes:
    try:
        return b"" if archive.getinfo(_MANIFEST).file_size > _SMALL else archive.read(_MANIFEST)
    except UNPACKING_ERRORS:
        return b""


_ENTRY: Final = re.compile(rb"<manifest:file-entry\s([^>]*[^/])>(.*?)</manifest:file-entry>", re.DOTALL)
_VALUE: Final = re.compile(rb'(?:manifest|loext):([\w-]+)="([^"]*)"')


def decrypt_ods(archive: zipfile.ZipFile, request: Request) -> bytes:
    """An OpenDocument file with its content decrypted.

    Raises:
        RefusedError: no password was given, it is the wrong one, the extra is not there, or the method is none that is
            known (LibreOffice from 24.8 on encrypts in its own way).

    """
    if request.password is None:
        raise RefusedError("encrypted")
    if importlib.util.find_spec("cryptography") is None:
        raise RefusedError("no_decryption")
    entries = {
        values[b"full-path"].decode(errors="replace"): values
        for head, body in _ENTRY.findall(_manifest(archive))
        if b"full-path" in (values := dict(_VALUE.findall(head + body)))
    }
    content = entries.get("content.xml")
    if content is None or b"AES" not in content.get(b"algorithm-name", b"").upper().replace(b"#", b""):
        raise RefusedError("no_decryption")
    plain = _decrypt_part(archive.read("content.xml"), content, request.password, request.limits)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as written:
        if "mimetype" in archive.namelist():
            written.writestr("mimetype", read_member(archive, archive.getinfo("mimetype")))
        written.writestr("content.xml", plain)
        written.writestr(_MANIFEST, b"<manifest:manifest/>")
    return out.getvalue()


def _decrypt_part(data: bytes, values: dict[bytes, bytes], password: str, limits: Limits) -> bytes:
    """PBKDF2 over the hash of the password, AES in chained blocks, then deflate; a wrong password gives no XML."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    try:
        salt, vector = base64.b64decode(values[b"salt"]), base64.b64decode(values[b"initialisation-vector"])
        start = hashlib.sha256 if b"256" in values.get(b"start-key-generation-name", b"") else hashlib.sha1
        iterations, size = int(values[b"iteration-count"]), int(values.get(b"key-size", b"32"))
        if iterations > _MOST_ITERATIONS:
            raise RefusedError("no_decryption")
        key = hashlib.pbkdf2_hmac("sha1", start(password.encode()).digest(), salt, iterations, size)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        unpacker = zlib.decompressobj(wbits=-15)
        plain = unpacker.decompress(decryptor.update(data) + decryptor.finalize(), limits.max_unpacked)
    except (KeyError, ValueError, binascii.Error, zlib.error) as error:
        raise RefusedError("wrong_password") from error
    if not plain.lstrip().startswith(b"<"):
        raise RefusedError("wrong_password")
    return plain
