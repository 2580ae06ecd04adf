from .base import (
    Answer as Answer,
)
from .beside import (
    lay_beside as lay_beside,
)
from .crash_hazard import (
    CrashHazard as CrashHazard,
    answer_hazard as answer_hazard,
    crash_within as crash_within,
)
from .crash_logit import (
    RunUpLogit as RunUpLogit,
    backtest as backtest,
    industry_risks as industry_risks,
)
from .crash_which import (
    WhichLogit as WhichLogit,
    crash_rates as crash_rates,
    past_odds as past_odds,
    relative_odds as relative_odds,
)
from .features import (
    load_conditions as load_conditions,
)
from .innovation import (
    InnovationLogit as InnovationLogit,
    answer_innovation as answer_innovation,
    specifications as specifications,
)
from .ladder import (
    Assessment as Assessment,
    LadderModel as LadderModel,
    LadderResults as LadderResults,
    assess as assess,
    assess_series as assess_series,
)
from .landmark import (
    LandmarkModel as LandmarkModel,
)
from .payback import (
    Assumption as Assumption,
    PaybackModel as PaybackModel,
    PaybackResults as PaybackResults,
    load_assumptions as load_assumptions,
    own_payback as own_payback,
    required_revenue as required_revenue,
)
from .payback_cases import (
    payback_cases as payback_cases,
)
from .payback_ranges import (
    payback_ranges as payback_ranges,
)
from .precedents import (
    PrecedentModel as PrecedentModel,
)
from .price_logit import (
    answer_index as answer_index,
    held_apart as held_apart,
)
