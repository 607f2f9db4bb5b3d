"""The adapter of docs/django.md, written as a user would write it, keeps what every store promises."""

import os
import re
import tempfile
from pathlib import Path

import pytest

django = pytest.importorskip("django", reason="django is not installed")
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

PAGE = Path(__file__).parents[2] / "docs" / "django.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
FILE = Path(tempfile.mkdtemp()) / "school.sqlite3"
ENGINE = {"ENGINE": "django.db.backends.sqlite3", "NAME": FILE, "OPTIONS": {"transaction_mode": "IMMEDIATE"}}

# The browser tests leave a loop of Playwright running in this thread; Django would take that for asynchronous code, and
# opens another connection within it: hence a file, which all connections share.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
settings.configure(DATABASES={"default": ENGINE}, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
django.setup()
names: dict[str, object] = {"__name__": "school"}
for number, block in enumerate(BLOCKS):
    exec(compile(block, f"{PAGE.name}, block {number}", "exec"), names)
with connection.schema_editor() as editor:
    for model in ("Student", "Applied"):
        editor.create_model(names[model])

TestDjangoStore = names["TestDjangoStore"]
