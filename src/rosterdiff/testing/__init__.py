"""For tests of hosts and adapters: builders, hypothesis strategies and the contract that every store keeps.

Needs pytest and hypothesis, which the library itself does not.
"""

from rosterdiff.testing.builders import a_change_set, a_roster, a_student
from rosterdiff.testing.contract import StoreContract
from rosterdiff.testing.strategies import rosters, school_years

__all__ = ["StoreContract", "a_change_set", "a_roster", "a_student", "rosters", "school_years"]
