"""The report: its numbers, sentences and exhibits with the rows that they rest on."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
