from .base import (
    Answer as Answer,
)
from .crash_hazard import (
    CrashHazard as CrashHazard,
)
from .crash_hazard import (
    answer_hazard as answer_hazard,
)
from .crash_hazard import (
    crash_within as crash_within,
)
from .crash_logit import (
    RunUpLogit as RunUpLogit,
)
from .crash_logit import (
    backtest as backtest,
)
from .crash_logit import (
    industry_risks as industry_risks,
)
from .features import (
    load_conditions as load_conditions,
)
from .innovation import (
    InnovationLogit as InnovationLogit,
)
from .innovation import (
    answer_innovation as answer_innovation,
)
from .innovation import (
    specifications as specifications,
)
from .ladder import (
    Assessment as Assessment,
)
from .ladder import (
    LadderModel as LadderModel,
)
from .ladder import (
    LadderResults as LadderResults,
)
from .ladder import (
    assess as assess,
)
from .ladder import (
    assess_series as assess_series,
)
from .landmark import (
    LandmarkModel as LandmarkModel,
)
from .payback import (
    Assumption as Assumption,
)
from .payback import (
    PaybackModel as PaybackModel,
)
from .payback import (
    PaybackResults as PaybackResults,
)
from .payback import (
    load_assumptions as load_assumptions,
)
from .payback import (
    own_payback as own_payback,
)
from .payback import (
    required_revenue as required_revenue,
)
from .precedents import (
    PrecedentModel as PrecedentModel,
)
from .price_logit import (
    answer_index as answer_index,
)
from .price_logit import (
    held_apart as held_apart,
)
