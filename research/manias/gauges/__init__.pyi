from .gauge import (
    Gauge as Gauge,
    Readings as Readings,
    Target as Target,
)
from .registry import (
    find_gauge as find_gauge,
    list_gauges as list_gauges,
)
from .weightings import (
    Weightings as Weightings,
    weigh_at_random as weigh_at_random,
)
