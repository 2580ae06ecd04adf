"""Small samples fitted and judged: the penalised logit, scores beside the base rate."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
