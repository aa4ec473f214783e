"""The desk: the agent's desktop program. The same program shows the supervisor's screens to a supervisor."""
