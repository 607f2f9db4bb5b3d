"""The letter to a school as one HTML file, for a browser, a printer or the body of a message.

Invariants: no script and nothing from elsewhere, and the page says so itself (Content-Security-Policy); every value is
escaped; styles are plain enough for mail programs.
"""

import base64
import hashlib
from html import escape
from typing import Final

import polars as pl

from rosterdiff.letters import MATTERS, Matter
from rosterdiff.reports.cells import shown
from rosterdiff.reports.letter_content import Letter
from rosterdiff.reports.letter_text import OF_FILES, by_file, opening_of, title_of

_STYLE: Final = """
body{font:16px/1.5 system-ui,"Segoe UI",Roboto,sans-serif;color:#1f2933;background:#fff;max-width:60rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.15rem;margin:2rem 0 .25rem;border-top:2px solid #27496d;padding-top:.75rem}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.25rem 0 .75rem}.note{color:#52606d}
table{border-collapse:collapse;width:100%;margin:.25rem 0 1rem}
th,td{text-align:start;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #d9e2ec;
overflow-wrap:anywhere}
th{font-weight:600;color:#52606d;font-size:.875rem;overflow-wrap:normal;white-space:nowrap}
.cell{color:#52606d;width:9rem}.class_name,.count{width:7rem}.who,.found,.known{width:12rem}
tr{break-inside:avoid}h2,h3{break-after:avoid}
@media(max-width:40rem){table,tbody,tr,td{display:block}thead{position:absolute;left:-999rem}
tr{border-bottom:1px solid #d9e2ec;padding:.35rem 0}td{display:flex;align-items:baseline;border:0;padding:.1rem 0}
td,td.cell,td.who,td.found,td.known,td.class_name,td.count{width:auto}
td::before{content:attr(data-head);flex:0 0 7.5rem;color:#52606d;font-size:.875rem;direction:ltr;unicode-bidi:isolate}}
@media print{body{max-width:none;margin:0;font-size:11pt}}
"""

_COLUMNS: Final = {
    Matter.NAME: {"cell": "Where", "found": "In the list", "known": "In the account", "class_name": "Class"},
    Matter.CORRECT: {"cell": "Where", "message": "What to correct"},
    Matter.QUESTION: {"cell": "Where", "who": "In the list", "known": "Most like", "message": "What we ask"},
    Matter.DETAIL: {
        "cell": "Where", "who": "Student", "message": "What", "found": "In the list", "known": "In the account"
    },
    Matter.CLASS: {"who": "Class", "count": "Students"},
    Matter.GONE: {"class_name": "Class", "who": "Student"},
}  # fmt: skip
"""Matter → the columns of its table, with their headers."""


def letter_as_html(letter: Letter) -> str:
    """The whole letter as an HTML document."""
    title = escape(title_of(letter))
    seal = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    body = "\n".join(_section(letter, matter) for matter in Matter if not letter.of(matter).is_empty())
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{seal}'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>{title}</h1>\n<p>{escape(opening_of(letter))}</p>\n{body}\n"
        '<p class="note">This letter holds personal data of children: pass it on as you would pass on a class list.</p>'
        "\n</main></body></html>\n"
    )


def _section(letter: Letter, matter: Matter) -> str:
    found, wording = letter.of(matter), MATTERS[matter]
    head = f"<section><h2>{escape(wording.title)} ({found.height:,})</h2>\n<p>{escape(str(wording))}</p>\n"
    if matter not in OF_FILES:
        return f"{head}{_table(matter, found)}</section>"
    tables = [f"<h3>{_value(title)}</h3>\n{_table(matter, lines)}" for title, lines in by_file(found)]
    return head + "\n".join(tables) + "</section>"


def _table(matter: Matter, lines: pl.DataFrame) -> str:
    told = _COLUMNS[matter]
    columns = {name: header for name, header in told.items() if name != "class_name" or lines[name].count()}
    heads = "".join(f'<th scope="col" class="{name}">{escape(header)}</th>' for name, header in columns.items())
    rows = "\n".join(
        "<tr>"
        + "".join(
            f'<td class="{n}" data-head="{escape(columns[n])}"><bdi>{_value(v)}</bdi></td>'
            for n, v in zip(columns, row, strict=True)
        )
        + "</tr>"
        for row in lines.select(list(columns)).iter_rows()
    )
    return f"<table><thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table>"


def _value(value: str | int | None) -> str:
    return escape(f"{value:,}" if isinstance(value, int) else shown(value) or "–")
