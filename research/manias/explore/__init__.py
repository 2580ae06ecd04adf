"""The whole record in one page that opens without a connection, and what that page counts."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
