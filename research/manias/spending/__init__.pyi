from .ladder import (
    SpendingModel as SpendingModel,
    SpendingResults as SpendingResults,
)
from .place import (
    Measure as Measure,
    ai_path as ai_path,
    paying_path as paying_path,
)
