"""What Homeward's hot paths do, each beside the limit of the machine it runs on.

`python -m benchmarks [name …]`, or `make bench`. Absolute figures move with the machine
and with whatever else it does; the ratio to the limit, taken in the same run, is what
counts. Nothing here asserts a time: a miss is a line in the table, not a red test.
"""
