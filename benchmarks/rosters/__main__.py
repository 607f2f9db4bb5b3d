"""`python -m benchmarks.rosters`: the same as `python -m benchmarks rosters`, without the other benchmarks."""

from benchmarks.rosters.command import parser, rosters

if __name__ == "__main__":
    print(rosters(parser().parse_args()))
