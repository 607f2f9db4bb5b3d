"""LibreOffice as the school's own program: files opened and saved by it. Tests skip, saying so, where it is absent."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

SOFFICE = shutil.which("soffice")

needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed (no `soffice` on the path)")

KINDS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "ods": "ods",
    "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",  # UTF-8, values as shown
    "pdf": "pdf",
}


SORT = """
Dim by(0) As New com.sun.star.table.TableSortField
by(0).Field = {column} : by(0).IsAscending = False
Dim how(1) As New com.sun.star.beans.PropertyValue
how(0).Name = "SortFields" : how(0).Value = by()
how(1).Name = "ContainsHeader" : how(1).Value = False
page.getCellRangeByName("{area}").sort(how())
"""
"""An edit: the lines of an area, by one of its columns, downwards."""
FILTER = """
Dim only(0) As New com.sun.star.sheet.TableFilterField
only(0).Field = {column} : only(0).IsNumeric = False
only(0).Operator = com.sun.star.sheet.FilterOperator.EQUAL : only(0).StringValue = "{text}"
narrow = page.getCellRangeByName("{area}").createFilterDescriptor(True)
narrow.ContainsHeader = True
narrow.setFilterFields(only())
page.getCellRangeByName("{area}").filter(narrow)
"""
"""An edit: of an area with a header the lines alone that have a text in one of its columns."""


def saved_by_office(path: Path, folder: Path, kind: str) -> Path:
    """The file as LibreOffice saves it after opening it, in another folder."""
    assert SOFFICE is not None
    folder.mkdir(parents=True, exist_ok=True)
    read_as = ["--infilter=CSV:44,34,UTF8,1,,0,false,true"] if path.suffix == ".csv" else []
    said = _run_office(folder, [*read_as, "--convert-to", KINDS[kind], "--outdir", str(folder), str(path)])
    made = folder / f"{path.stem}.{kind}"
    assert made.exists(), said
    return made


def edited_by_office(path: Path, folder: Path, sheet: str, *edits: str) -> Path:
    """The workbook as a person leaves it who opens it in LibreOffice, edits a sheet, and saves it as xlsx.

    Args:
        path: the workbook.
        folder: where the edited one is put, under the same name.
        sheet: the name of the sheet.
        edits: statements in LibreOffice Basic; `book` is the workbook, `page` the sheet.

    """
    folder.mkdir(parents=True, exist_ok=True)
    made, failed = folder / path.name, folder / "failed.txt"
    macro = _MACRO.format(
        source=path.resolve().as_uri(), sheet=sheet, edits="\n".join(edits), made=made.resolve().as_uri(),
        failed=failed.resolve(),
    )  # fmt: skip
    basic = _profile(folder) / "user" / "basic" / "Standard"
    if not basic.exists():
        _run_office(folder, ["--terminate_after_init"])  # it puts its own macros into a new profile
    (basic / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    (basic / "Edit.xba").write_text(_MODULE.format(text=escape(macro)), encoding="utf-8")
    said = _run_office(folder, ["macro:///Standard.Edit.Main"])
    assert made.exists(), failed.read_text(encoding="utf-8") if failed.exists() else said
    return made


def _profile(folder: Path) -> Path:
    return folder.parent / "office-profile"


def _run_office(folder: Path, arguments: Sequence[str]) -> str:
    """What LibreOffice said; each folder beside which it works has a profile of its own."""
    assert SOFFICE is not None
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation={_profile(folder).resolve().as_uri()}"
    command = [SOFFICE, profile, "--headless", "--norestore", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return done.stdout + done.stderr


_MACRO = """Sub Main
  On Error GoTo Failed
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
  page = book.Sheets.getByName("{sheet}")
  {edits}
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName" : kind(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL("{made}", kind())
  book.close(True)
  StarDesktop.terminate()
  Exit Sub
Failed:
  number = FreeFile
  Open "{failed}" For Output As #number
  Print #number, "line " & Erl & ": " & Error$
  Close #number
  StarDesktop.terminate()
End Sub
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Edit"/></library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edit" script:language="StarBasic"
>{text}</script:module>
"""
