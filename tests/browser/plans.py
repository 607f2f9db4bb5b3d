"""A plan for the browser: an ordinary school with names that would break a careless page."""

from rosterdiff.plans import Plan
from tests.school_year import plan_year, row, student

HACK = "<img src=x onerror=\"document.title='hacked'\">"
SCRIPT = "</script><script>document.title='hacked'</script>"
ARABIC = "عبد الرحمن"
EMOJI = "Zoë 👩‍👩‍👧"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwe-Hinterhuber"
CLASS = ((1, "Wren"), (2, "Idris"), (3, "עדי"))
"""Of a class that nobody lists."""


def doubtful_plan() -> Plan:
    """Six rows and a class in doubt, of children whose names are markup, quotes, emoji, of two directions, and long."""
    students = [
        student("s1", HACK, "Penhale", "2018-03-04"),
        student("s2", ARABIC, "الخطيب", "2018-05-06"),
        student("s3", EMOJI, "O'\"Dea", "2018-07-08"),
        student("s4", "Gwendoline", LONG, "2018-09-10"),
        student("s5", "Jago", SCRIPT, "2018-11-12"),
        student("s6", "Jory", SCRIPT, "2018-11-12"),
        *(student(f"c{n}", given, "Calloway", f"2019-0{n}-02", grade="02", class_name="2A") for n, given in CLASS),
    ]
    rows = [
        row(f"{HACK}x", "Penhale", "2018-03-04"),
        row(ARABIC, "الخطب", "2018-05-06"),
        row(EMOJI, "O'\"Deaa", "2018-07-08"),
        row("Gwendolin", LONG, "2018-09-10"),
        row("J.", SCRIPT, "2018-11-12"),
        row("J", SCRIPT, "2018-11-12"),
    ]
    return plan_year(students, rows)
