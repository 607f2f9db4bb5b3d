"""Protected workbooks are refused by name, or opened with the password; the password is told nowhere."""

import base64
import hashlib
import importlib.util
import io
import os
import traceback
import zipfile
import zlib
from pathlib import Path

import pytest

from rosterdiff.config import ReadOptions
from rosterdiff.errors import UnreadableFile
from rosterdiff.reading import read_roster
from workbook_bytes import archive, compound, ods, parts

CORPUS = Path(os.environ.get("ROSTERDIFF_SHARED", Path(__file__).parent.parent.parent / "shared")) / "corpus"
SECRET = "Grüße 7"
EXTRA = pytest.mark.skipif(importlib.util.find_spec("msoffcrypto") is None, reason="without the extra `passwords`")
EMPTY_SHEET = "<table:table-row/>"


def encrypted(password: str) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(_of_whole_blocks())).encrypt(password, out)
    return out.getvalue()


def _of_whole_blocks() -> bytes:
    """A workbook of a length that the library's encryption, which is an experiment, can deal with."""
    empty = len(archive({**parts(), "filler.xml": ""}, zipfile.ZIP_STORED))
    return archive({**parts(), "filler.xml": "x" * (4 * 4096 - empty)}, zipfile.ZIP_STORED)


def encrypted_ods(password: str, *, start: str = "sha256", size: int = 32) -> bytes:
    """As LibreOffice did it before 24.8: deflate, AES in chained blocks, the key from the hash of the password."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in row
        )
        + "</table:table-row>"
        for row in (("Given Name", "Surname"), ("Ilva", "Torenbek"))
    )
    import zipfile

    with zipfile.ZipFile(io.BytesIO(ods(cells))) as plain:
        content = plain.read("content.xml")
    salt, vector = os.urandom(16), os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha1", hashlib.new(start, password.encode()).digest(), salt, 1000, size)
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(content) + packer.flush()
    packed += b"\0" * (16 - len(packed) % 16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    manifest = (
        '<manifest:manifest><manifest:file-entry manifest:full-path="/"/>'
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data>'
        f'<manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes{size * 8}-cbc" '
        f'manifest:initialisation-vector="{base64.b64encode(vector).decode()}"/>'
        f'<manifest:start-key-generation manifest:start-key-generation-name="x#{start}" manifest:key-size="32"/>'
        f'<manifest:key-derivation manifest:key-derivation-name="PBKDF2" manifest:key-size="{size}" '
        f'manifest:iteration-count="1000" manifest:salt="{base64.b64encode(salt).decode()}"/>'
        "</manifest:encryption-data></manifest:file-entry></manifest:manifest>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": encryptor.update(packed) + encryptor.finalize(),
            "META-INF/manifest.xml": manifest,
        }
    )


def refusal(data: bytes, password: str | None = None) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_roster(data, filename="3B.xlsx", options=ReadOptions(password=password))
    return caught.value


@EXTRA
def test_a_protected_workbook_opens_with_its_password_alone() -> None:
    data = encrypted(SECRET)
    assert len(read_roster(data, options=ReadOptions(password=SECRET))) == 1
    assert len(read_roster(data, options=ReadOptions(password=SECRET, isolate=False))) == 1
    assert refusal(data).code == "encrypted"
    assert refusal(data, "another").code == "wrong_password"


@EXTRA
@pytest.mark.parametrize("password", [None, "another"])
def test_a_workbook_whose_sender_typed_no_password_opens_without_one(password: str | None) -> None:
    """Excel encrypts with a word of its own where only changes are protected, and never asks for it."""
    assert len(read_roster(encrypted("VelvetSweatshop"), options=ReadOptions(password=password))) == 1


@EXTRA
@pytest.mark.parametrize(("start", "size"), [("sha256", 32), ("sha1", 16)])
def test_a_protected_ods_opens_with_its_password_alone(start: str, size: int) -> None:
    data = encrypted_ods(SECRET, start=start, size=size)
    assert len(read_roster(data, options=ReadOptions(password=SECRET))) == 1
    assert refusal(data).code == "encrypted"
    assert refusal(data, "another").code == "wrong_password"


@EXTRA
def test_an_ods_protected_in_a_way_that_is_not_known_is_named() -> None:
    manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    data = archive({"encrypted-package": b"x" * 99, "META-INF/manifest.xml": manifest})
    assert refusal(data, SECRET).code == "no_decryption"


def test_without_the_extra_a_password_is_answered_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from rosterdiff.reading.isolated import passwords

    monkeypatch.setattr(passwords.importlib.util, "find_spec", lambda _: None)
    for password, code in ((None, "encrypted"), (SECRET, "no_decryption")):
        with pytest.raises(UnreadableFile) as caught:
            read_roster(compound("EncryptedPackage", b"x"), options=ReadOptions(password=password, isolate=False))
        assert caught.value.code == code
    assert "rosterdiff[passwords]" in "".join(caught.value.__notes__)


@EXTRA
@pytest.mark.parametrize("isolate", [True, False])
def test_the_password_is_in_no_message_repr_or_traceback(isolate: bool) -> None:
    options = ReadOptions(password=SECRET, isolate=isolate)
    assert SECRET not in repr(options)
    with pytest.raises(UnreadableFile) as caught:
        read_roster(encrypted("another"), options=options)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


KNOWN = {
    "edr__standard_AES128_SHA1_ECB_pwd_password.xlsx": "password",
    "mess__encrypted_no_password.xls": None,
    "poi__protect.xlsx": None,
    "mso__rc4cryptoapi_password.xls": "Password1234_",
    "poi__35897-type4.xls": "freedom",
    "poi__60320-protected.xlsx": "Test001!!",
    "poi__password.xls": "password",
    "poi__protected_passtika.xlsb": "tika",
    "qsv__password-protected-password123.ods": "password123",
    "qsv__password-protected-password123.xlsx": "password123",
    "roo__encrypted-letmein.ods": "letmein",
    "sjs__password_2002_40_basecrypto.xls": "password",
}
"""Files that others encrypted, with passwords that are public."""


@EXTRA
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of files is not here (ROSTERDIFF_SHARED)")
@pytest.mark.parametrize("name", KNOWN)
def test_files_that_others_encrypted_are_opened(name: str) -> None:
    """None of them is a list of students, and that is what is said of them then."""
    options = ReadOptions(password=KNOWN[name])
    with pytest.raises(UnreadableFile) as caught:
        read_roster(CORPUS / "malicious" / name, options=options)
    assert caught.value.code == "no_table"
