"""The review workbook: every open question on one sheet, painted so that school staff can answer it.

Invariants: only cells in which an answer or a comment is typed are unlocked; no text is ever a formula; the hidden
sheet holds what reading needs. There is no password: the lock is against slips, not against people.
"""

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rosterdiff.model import Verdict
from rosterdiff.plans import Plan
from rosterdiff.reports.cells import (
    FACE,
    HEADER_FILL,
    HEADER_FONT,
    cell_at,
    height_of,
    put_text,
    set_print,
    stamp,
    width_of,
)
from rosterdiff.reports.questions import questions_in_words
from rosterdiff.reports.review_form import (
    ANSWER_HEADER,
    COMMENT_HEADER,
    DELETE_ALL,
    FORMAT,
    HELP_SHEET,
    HIDDEN_SHEET,
    KEY_HEADER,
    LEAVE_ALL,
    MARKER,
    REVIEW_SHEET,
    Line,
    Look,
    checksum_of,
    encode_fields,
    encode_question,
    headers_of,
    review_lines,
)
from rosterdiff.sentences import VERDICTS

HEADER_ROW: Final = 3
_INLINE: Final = 255  # characters that a list of choices may have inside its own formula

INK, FADED = "1F2933", "5F6B7A"
_FILL: Final = {
    name: PatternFill("solid", start_color=colour)
    for name, colour in {
        "title": "DCE6F1",
        "advice": "EEF3F9",
        "answer": "FFF3BF",
        "optional": "FFFDF2",
        "marked": "FFD98A",
        "row": "F4F6F8",
    }.items()
}
_HAIR: Final = Border(bottom=Side("hair", color="B8C2CC"))
_BOX: Final = Border(*(Side("thin", color="C9A227"),) * 4)
_FONTS: Final = {
    Look.TITLE: Font(name=FACE, bold=True, color=INK, size=12),
    Look.ADVICE: Font(name=FACE, color=INK, italic=True),
    Look.ROW: Font(name=FACE, bold=True, color=INK),
    Look.CANDIDATE: Font(name=FACE, color=INK),
    Look.STUDENT: Font(name=FACE, color=FADED),
    Look.CLASS: Font(name=FACE, bold=True, color=INK),
}
_BANDS: Final = {Look.TITLE: _FILL["title"], Look.ADVICE: _FILL["advice"], Look.ROW: _FILL["row"]}
_TOP: Final = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
_UNLOCKED: Final = Protection(locked=False)

_HELP: Final = (
    ("What this is", "Rows of the uploads that could not be matched with certainty, and accounts that nobody lists."),
    ("", "Each question has the row as it stands in the upload, and below it the students it may be."),
    ("", "Where a student differs from the row, the cell is marked in bold on orange."),
    ("How to answer", "Choose an answer in the yellow cells of the column “Your answer”. Typing works as well."),
    (VERDICTS[Verdict.SAME].title + " 1", "The row is student 1. The account keeps its name; class and grade follow."),
    (VERDICTS[Verdict.NEW].title, VERDICTS[Verdict.NEW].sentence),
    (VERDICTS[Verdict.IGNORE].title, VERDICTS[Verdict.IGNORE].sentence),
    ("restore 1234", "The row is the deleted student with this account id, whose account and work come back."),
    ("same as id 1234", "The row is the student with this account id, who is not among those shown."),
    ("", "A student can be the answer of one row only."),
    (DELETE_ALL, "Where nobody of a class is listed: all these accounts are deleted. The staff can restore them."),
    (LEAVE_ALL, "All these accounts stay as they are."),
    (VERDICTS[Verdict.DELETE].title, "For one account, whatever was answered for its class. May stay empty."),
    (VERDICTS[Verdict.LEAVE].title, "The same: this one account stays as it is. May stay empty."),
    ("When you are done", "Save the file and send it back. Its name does not matter, nor does the order of the lines."),
    ("", "Please delete no line, and do not change the hidden columns and sheets."),
    ("", "The file holds personal data of children: pass it on as you would pass on a class list."),
)


def write_review(plan: Plan, path: str | PathLike[str]) -> None:
    """Write the open entries of a plan as a workbook in which people answer them.

    Args:
        plan: a plan with review entries; without any, the workbook says that nothing is to be decided.
        path: where to write it; a name that ends in `.xlsx`.

    Raises:
        OSError: the file cannot be written.

    """
    fields, lines = review_lines(plan)
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = REVIEW_SHEET
    _write_top(sheet, plan, lines, headers_of(fields))
    _write_lines(sheet, lines, width=len(headers_of(fields)))
    _write_help(workbook.create_sheet(HELP_SHEET))
    hidden = workbook.create_sheet(HIDDEN_SHEET)
    _write_hidden(hidden, plan, fields, lines)
    _offer_choices(sheet, hidden, lines)
    _set_sizes(sheet, headers_of(fields), lines)
    _protect(sheet)
    set_print(sheet, header_row=HEADER_ROW)
    stamp(workbook, "Review of a plan")
    workbook.save(path)


def _write_top(sheet: Worksheet, plan: Plan, lines: Sequence[Line], headers: Sequence[str]) -> None:
    questions = sum(line.look in {Look.ROW, Look.CLASS} for line in lines)
    asked = questions_in_words(questions, sum(line.look is Look.TITLE for line in lines))
    year = f" {plan.school_year}" if plan.school_year else ""
    title = f"Review of the {plan.mode}{year}: {asked}" if questions else "Nothing is to be decided"
    put_text(cell_at(sheet, 1, 2), title)
    cell_at(sheet, 1, 2).font = Font(name=FACE, bold=True, size=16, color=INK)
    hint = (
        f"Choose in the yellow cells. What each answer means is on the sheet “{HELP_SHEET}”. Plan {plan.plan_id[:12]}."
    )
    put_text(cell_at(sheet, 2, 2), hint)
    cell_at(sheet, 2, 2).font = Font(name=FACE, color=FADED)
    for column, header in enumerate(headers, start=1):
        cell = cell_at(sheet, HEADER_ROW, column)
        put_text(cell, header)
        cell.font, cell.fill = HEADER_FONT, HEADER_FILL
        cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    sheet.row_dimensions[1].height = 26
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = cell_at(sheet, HEADER_ROW + 1, 4)


def _write_lines(sheet: Worksheet, lines: Iterable[Line], *, width: int) -> None:
    for at, line in enumerate(lines, start=HEADER_ROW + 1):
        if line.look in {Look.TITLE, Look.ADVICE}:
            _write_band(sheet, at, line, width)
        else:
            _write_line(sheet, at, line, width)
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(width)}{max(sheet.max_row, HEADER_ROW + 1)}"


def _write_band(sheet: Worksheet, at: int, line: Line, width: int) -> None:
    """A heading that runs over the empty cells beside it; merged cells would stand in the way of filters."""
    for column in range(2, width + 1):
        cell_at(sheet, at, column).fill = _BANDS[line.look]
    put_text(cell_at(sheet, at, 2), line.who)
    cell_at(sheet, at, 2).font = _FONTS[line.look]
    sheet.row_dimensions[at].height = 24 if line.look is Look.TITLE else 18
    cell_at(sheet, at, 2).alignment = Alignment(horizontal="left", vertical="center", indent=1)


def _write_line(sheet: Worksheet, at: int, line: Line, width: int) -> None:
    for column, text in enumerate(line.texts, start=3):
        cell = cell_at(sheet, at, column)
        if text:
            put_text(cell, text)
        cell.font, cell.border = _FONTS[line.look], _HAIR
        cell.alignment = _TOP
        if line.look is Look.ROW:
            cell.fill = _FILL["row"]
        if column - 5 in line.marked:
            cell.fill, cell.font = _FILL["marked"], Font(name=FACE, bold=True, color=INK)
    if line.question:
        put_text(cell_at(sheet, at, 1), line.question.key)
        asked = line.look is not Look.STUDENT
        _open_cell(sheet, at, 2, _FILL["answer" if asked else "optional"])
        _open_cell(sheet, at, width, _FILL["optional"])


def _open_cell(sheet: Worksheet, at: int, column: int, fill: PatternFill) -> None:
    cell = cell_at(sheet, at, column)
    cell.protection, cell.border, cell.fill = _UNLOCKED, _BOX, fill
    cell.alignment = _TOP
    cell.number_format = "@"


def _write_help(sheet: Worksheet) -> None:
    for at, (term, text) in enumerate(_HELP, start=1):
        put_text(cell_at(sheet, at, 1), term)
        put_text(cell_at(sheet, at, 2), text)
        cell_at(sheet, at, 1).font = Font(name=FACE, bold=True, color=INK)
        for column in (1, 2):
            cell_at(sheet, at, column).alignment = _TOP
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 96
    set_print(sheet)


def _write_hidden(sheet: Worksheet, plan: Plan, fields: Sequence[str], lines: Iterable[Line]) -> None:
    encoded = [encode_fields(fields), *(encode_question(line.question) for line in lines if line.question)]
    for at, (name, value) in enumerate(
        [(MARKER, str(FORMAT)), ("plan", plan.plan_id), ("checksum", checksum_of(plan.plan_id, encoded))], start=1
    ):
        put_text(cell_at(sheet, at, 1), name)
        put_text(cell_at(sheet, at, 2), value)
    for at, text in enumerate(encoded, start=4):
        put_text(cell_at(sheet, at, 1), text)
    sheet.sheet_state = "hidden"
    sheet.protection.enable()


def _offer_choices(sheet: Worksheet, hidden: Worksheet, lines: Iterable[Line]) -> None:
    """One drop-down for each set of choices, which many cells share."""
    offered: dict[tuple[str, ...], DataValidation] = {}
    for at, line in enumerate(lines, start=HEADER_ROW + 1):
        if line.question:
            if line.choices not in offered:
                offered[line.choices] = _drop_down(line.choices, hidden, column=3 + len(offered))
                sheet.add_data_validation(offered[line.choices])
            offered[line.choices].add(cell_at(sheet, at, 2).coordinate)


def _drop_down(choices: Sequence[str], hidden: Worksheet, *, column: int) -> DataValidation:
    formula = f'"{",".join(choices)}"'
    if len(formula) > _INLINE:
        for at, choice in enumerate(choices, start=1):
            put_text(cell_at(hidden, at, column), choice)
        letter = get_column_letter(column)
        formula = f"{HIDDEN_SHEET}!${letter}$1:${letter}${len(choices)}"
    return DataValidation(
        type="list",
        formula1=formula,
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="warning",
        errorTitle="Not in the list",
        error=f"Please choose one of the answers offered. The sheet “{HELP_SHEET}” says what they mean.",
    )


def _set_sizes(sheet: Worksheet, headers: Sequence[str], lines: Sequence[Line]) -> None:
    """Widths by content, and heights by the lines that wrapped text takes: not every program works them out."""
    body = [line.texts for line in lines if line.look not in {Look.TITLE, Look.ADVICE}]
    widths: list[int] = []
    most = {headers[-2]: 78, headers[2]: 26}
    for at, header in enumerate(headers[2:-1]):
        texts = [header, *(texts[at] for texts in body)]
        widths.append(width_of(texts, most.get(header, 24)))
        sheet.column_dimensions[get_column_letter(at + 3)].width = widths[at]
    for header, wide in ((KEY_HEADER, 10), (ANSWER_HEADER, 20), (COMMENT_HEADER, 28)):
        sheet.column_dimensions[get_column_letter(headers.index(header) + 1)].width = wide
    sheet.column_dimensions["A"].hidden = True
    for at, line in enumerate(lines, start=HEADER_ROW + 1):
        if line.look not in {Look.TITLE, Look.ADVICE}:
            sheet.row_dimensions[at].height = height_of(line.texts, widths)


def _protect(sheet: Worksheet) -> None:
    sheet.protection.enable()
    for allowed in ("autoFilter", "sort", "formatColumns", "formatRows"):
        setattr(sheet.protection, allowed, False)  # False: not locked
