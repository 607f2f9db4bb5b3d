"""Markdown and its plots → one HTML page that needs nothing else."""

import re
from collections.abc import Mapping
from typing import Final

_STYLE: Final = """
:root { color-scheme: light; }
body { font: 15px/1.55 system-ui, sans-serif; color: #1d2530; background: #fff; max-width: 76rem; margin: 2.5rem auto;
  padding: 0 1.5rem; }
h1 { font-size: 1.7rem; margin-bottom: .4rem; }
h2 { font-size: 1.25rem; margin: 2.8rem 0 .6rem; border-bottom: 1px solid #dde2e8; padding-bottom: .3rem; }
p, ul { max-width: 52rem; }
ul { color: #5a6472; padding-left: 1.1rem; font-size: .87rem; }
code { background: #f2f4f7; padding: .1em .3em; border-radius: 3px; font-size: .9em; }
figure { margin: 1.2rem 0; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .82rem; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; border-bottom: 2px solid #c7ced8; vertical-align: bottom; }
th, td { padding: .28rem .7rem .28rem 0; }
td { border-bottom: 1px solid #eceff3; white-space: nowrap; }
td:first-child { white-space: normal; max-width: 21rem; padding-right: 1.4rem; }
"""


def to_page(text: str, plots: Mapping[str, str]) -> str:
    """The page; images of the Markdown are put in as SVG."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark").enable("table").render(text)
    for name, svg in plots.items():
        figure = re.compile(rf'<p><img src="{re.escape(name)}" alt="([^"]*)"\s*/?></p>')
        body = figure.sub(lambda found, svg=svg: f'<figure role="img" aria-label="{found[1]}">{svg}</figure>', body)
    body = body.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
    title = text.splitlines()[0].removeprefix("# ")
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f"<body>{body}</body></html>\n"
    )
