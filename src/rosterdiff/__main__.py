"""The command line: `rosterdiff …` and `python -m rosterdiff …`; see `rosterdiff.cli`."""

import sys
from importlib.util import find_spec


def main() -> int:
    """Run the command line and return its exit code; without its libraries, say how to get them."""
    missing = [name for name in ("click", "rich") if find_spec(name) is None]
    if missing:
        print(  # noqa: T201  (the command line's own output)
            f"rosterdiff: the command line needs {' and '.join(missing)}; "
            'install it with: pip install "rosterdiff[cli]"',
            file=sys.stderr,
        )
        return 1
    from rosterdiff.cli import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
