"""Options that several commands have, each described once."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

from rosterdiff.cli.sources import columns_of
from rosterdiff.config import DateOrder
from rosterdiff.errors import InvalidOption
from rosterdiff.model import Actor

_Command = Callable[..., Any]


def _day(_: click.Context, __: click.Parameter, given: datetime | None) -> date | None:
    return given.date() if given else None


def _actor(_: click.Context, __: click.Parameter, given: str | None) -> Actor | None:
    try:
        return Actor.parse(given) if given is not None else None
    except InvalidOption as error:
        raise click.BadParameter(str(error)) from None


def _today() -> datetime:
    return datetime.now()  # noqa: DTZ005  (the day on the user's wall)


def reading_columns(command: _Command) -> _Command:
    """What stands in the columns of files."""
    command = click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="FIELD=HEADER",
        callback=columns_of,
        help="Read a field from the column of this header, where none or another was found. May be repeated.",
    )(command)
    return click.option(
        "--date-order",
        type=click.Choice([order.value for order in DateOrder]),
        help="The order of day, month and year in text; by default told from each whole column.",
    )(command)


def reading(command: _Command) -> _Command:
    """How files are read."""
    return click.option(
        "--as-of",
        metavar="YYYY-MM-DD",
        type=click.DateTime(["%Y-%m-%d"]),
        default=_today,
        show_default="today",
        callback=_day,
        help="The day for which the files are judged.",
    )(reading_columns(command))


def table(command: _Command) -> _Command:
    """Where in a database the students are."""
    return click.option(
        "--table", default="students", show_default=True, metavar="NAME", help="The table of students in the store."
    )(command)


def store(command: _Command) -> _Command:
    """The store that is written to."""
    return click.option(
        "--store",
        "url",
        required=True,
        metavar="URL",
        envvar="ROSTERDIFF_STORE",
        show_envvar=True,
        help="The store, such as sqlite:///school.db.",
    )(table(command))


def actor(*, required: bool) -> Callable[[_Command], _Command]:
    """Who does it."""
    return click.option(
        "--actor",
        required=required,
        metavar="ROLE:NAME",
        callback=_actor,
        help="Who does this, as staff:Ada or administrator:Ben; it is kept with what is done.",
    )


def force(command: _Command) -> _Command:
    """Leave to overwrite."""
    return click.option("--force", is_flag=True, help="Overwrite workbooks that are there already.")(command)
