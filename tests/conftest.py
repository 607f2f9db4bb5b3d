"""Fixtures that several files share; properties are tried without a deadline, for machines are busy at times."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of a new PostgreSQL database; skips where no server can be had."""
    postgres = pytest.importorskip("tests.postgres", exc_type=ImportError)
    with postgres.database() as url:
        yield url
