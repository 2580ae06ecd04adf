"""Tests for explosive growth, dating of episodes, LPPLS fits, simulated series."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
