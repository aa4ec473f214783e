"""The desk at run time, without its window: on the real server and, where the line matters, real edge and engine."""
