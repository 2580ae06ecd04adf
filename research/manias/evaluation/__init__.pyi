from .classifier import (
    FirthClassifier as FirthClassifier,
)
from .logit import (
    LogitResults as LogitResults,
)
from .scores import (
    Scores as Scores,
)
from .scores import (
    base_rates as base_rates,
)
from .scores import (
    rank_power as rank_power,
)
from .scores import (
    score as score,
)
