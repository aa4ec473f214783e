"""The parts of the working screens: each shows its share of a snapshot."""
