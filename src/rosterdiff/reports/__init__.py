"""The plan for people: workbooks and a page to fill in and, in the submodule `text`, tables for the terminal.

Invariants: reports read the plan and decide nothing; only they hold names of students, because they are made for
reading. `text` needs the extra `cli` and is imported by itself.
"""

from rosterdiff.reports.page import write_page
from rosterdiff.reports.review_answers import read_decisions
from rosterdiff.reports.review_workbook import write_review
from rosterdiff.reports.template import write_template

__all__ = ["read_decisions", "write_page", "write_review", "write_template"]
