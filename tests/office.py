"""LibreOffice as the school's own program: files opened and saved by it. Tests skip, saying so, where it is absent."""

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")

needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed (no `soffice` on the path)")

KINDS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "ods": "ods",
    "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",  # UTF-8, values as shown
    "pdf": "pdf",
}


def saved_by_office(path: Path, folder: Path, kind: str) -> Path:
    """The file as LibreOffice saves it after opening it, in another folder."""
    assert SOFFICE is not None
    folder.mkdir(parents=True, exist_ok=True)
    profile = folder.parent / "office-profile"
    read_as = ["--infilter=CSV:44,34,UTF8,1,,0,false,true"] if path.suffix == ".csv" else []
    arguments = [
        *read_as,
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--headless",
        "--convert-to",
        KINDS[kind],
    ]
    done = subprocess.run(
        [SOFFICE, *arguments, "--outdir", str(folder), str(path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    made = folder / f"{path.stem}.{kind}"
    assert made.exists(), done.stdout + done.stderr
    return made
