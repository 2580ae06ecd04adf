from .gauge import (
    Gauge as Gauge,
    Readings as Readings,
    Target as Target,
)
from .kept import (
    load_scoreboard as load_scoreboard,
)
from .registry import (
    find_gauge as find_gauge,
    list_gauges as list_gauges,
)
from .scoreboard import (
    FallEpisode as FallEpisode,
    GaugeScore as GaugeScore,
    Scoreboard as Scoreboard,
)
from .weightings import (
    Weightings as Weightings,
    weigh_at_random as weigh_at_random,
)
