"""Turning a PC into a device, by a code that works once."""
