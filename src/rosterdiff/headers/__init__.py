"""Header text → canonical column: the table of words, how a header is read, and how a misspelt one is guessed.

Invariants: `student_id` comes only from the marked header of our own template, a base file, or explicit options;
headers of other people (parents, teachers) and of earlier years are never a student's.
"""

from rosterdiff.headers.aliases import TEMPLATE_HEADERS, Composite
from rosterdiff.headers.guess import guess_header
from rosterdiff.headers.read import Meaning, header_key, header_words, read_header

__all__ = ["TEMPLATE_HEADERS", "Composite", "Meaning", "guess_header", "header_key", "header_words", "read_header"]
