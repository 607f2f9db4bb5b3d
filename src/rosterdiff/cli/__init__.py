"""The command line: every stage of the library as a command, for the staff of a host and for trying out.

Invariants: a command decides nothing that the library does not; results go to standard output, progress and errors to
standard error; the exit code says whether something awaits a person. Shell completion is click's: with bash,
`eval "$(_ROSTERDIFF_COMPLETE=bash_source rosterdiff)"`.
"""

from rosterdiff.cli.app import run

__all__ = ["run"]
