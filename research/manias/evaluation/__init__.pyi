from .classifier import (
    FirthClassifier as FirthClassifier,
)
from .logit import (
    LogitResults as LogitResults,
)
from .scores import (
    Scores as Scores,
    base_rates as base_rates,
    rank_power as rank_power,
    score as score,
)
