"""Header text → canonical column.

Invariants: `student_id` comes only from the marked header of our own template, a base file, or explicit options; every
other id-like header is a `student_number`.
"""

from typing import Final

TEMPLATE_HEADERS: Final = {
    "student_id": "Account ID (rosterdiff, do not change)",
    "student_number": "Student Number",
    "username": "Username",
    "email": "Email",
    "given_name": "Given Name",
    "middle_name": "Middle Name",
    "family_name": "Family Name",
    "name_suffix": "Suffix",
    "preferred_given_name": "Preferred Given Name",
    "preferred_family_name": "Preferred Family Name",
    "birth_date": "Date of Birth",
    "gender": "Gender",
    "grade": "Grade",
    "class_name": "Class",
    "school": "School",
}
"""The headers that our own template writes, in its order; reading them back gives the same columns."""
