"""Calls: the edge announces them, the agent sees who calls, and wraps them up."""
