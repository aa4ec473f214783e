"""The sentences of the synthetic set: to develop on, and kept apart."""
