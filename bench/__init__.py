"""Benchmarks: ours and our peers, measured in turn in the same run. `make bench ARGS="--only GROUP --out FILE"`."""
