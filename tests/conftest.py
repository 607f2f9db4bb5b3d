"""Fixtures that several files share."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of a new PostgreSQL database; skips where no server can be had."""
    postgres = pytest.importorskip("tests.postgres", exc_type=ImportError)
    with postgres.database() as url:
        yield url
