"""The composition root: the only place that knows the core, the engine, the secrets and the screen together."""
