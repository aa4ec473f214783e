"""The stage: real parts that the end-to-end tests, the demo and the benchmarks run on.

A contact centre (server, edge) and home PCs (screen, key store, sound, accessibility), each in its own folder, on
loopback addresses and free ports. Nothing here is a fake.
"""
