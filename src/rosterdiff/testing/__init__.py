"""For tests of hosts and adapters: builders, hypothesis strategies, and the contracts of stores and journals.

Needs pytest and hypothesis, which the library itself does not.
"""

from rosterdiff.testing.builders import a_change_set, a_roster, a_student
from rosterdiff.testing.contract import StoreContract
from rosterdiff.testing.journal_contract import JournalContract
from rosterdiff.testing.strategies import rosters, school_years

__all__ = ["JournalContract", "StoreContract", "a_change_set", "a_roster", "a_student", "rosters", "school_years"]
