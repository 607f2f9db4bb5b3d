"""The benchmark suite: what rosterdiff costs and how often it is wrong, by one command (`python -m benchmarks`).

Invariants: the configuration judged is the shipped one; labels are read for scoring only; everything drawn is drawn
from a seed; results hold counts, never a value of a person.
"""
