"""One quantity through time: event time, run-ups, baskets and indices."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
