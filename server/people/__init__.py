"""People: who they are, how they sign in, and the sessions that follow."""
