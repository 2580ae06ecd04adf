"""The command ``manias``."""
