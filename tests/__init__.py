"""The tests. A package of its own, since some libraries install a folder of this name beside theirs."""
