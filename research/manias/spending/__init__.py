"""What followed when spending rose so fast: counts, scores, who paid, and where AI stands."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
