"""The plan for people: workbooks and a page to fill in, the letter to the school, and in `text` terminal tables.

Invariants: reports read the plan and decide nothing; only they hold names of students, because they are made for
reading. `text` needs the extra `cli` and is imported by itself.
"""

from rosterdiff.reports.letter import write_discrepancies
from rosterdiff.reports.marked_up import Cells, Marked, mark_workbook, plain_workbook
from rosterdiff.reports.page import write_page
from rosterdiff.reports.review_answers import read_decisions
from rosterdiff.reports.review_workbook import write_review
from rosterdiff.reports.template import write_template
from rosterdiff.reports.xml_edits import UnusableXml

__all__ = [
    "Cells",
    "Marked",
    "UnusableXml",
    "mark_workbook",
    "plain_workbook",
    "read_decisions",
    "write_discrepancies",
    "write_page",
    "write_review",
    "write_template",
]
