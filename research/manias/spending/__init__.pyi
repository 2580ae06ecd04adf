from .booms import (
    BoomRow as BoomRow,
    BoomsInMoney as BoomsInMoney,
    booms_in_money as booms_in_money,
)
from .compared import (
    BoomAge as BoomAge,
    BoomComparison as BoomComparison,
    ComparedBoom as ComparedBoom,
    compare_booms as compare_booms,
)
from .definitions import (
    AnswerByDefinition as AnswerByDefinition,
    ByDefinition as ByDefinition,
    answer_by_definition as answer_by_definition,
    definition_path as definition_path,
)
from .history import (
    Asked as Asked,
    Hindsight as Hindsight,
    backtest_spending as backtest_spending,
    place_hindsight as place_hindsight,
)
from .ladder import (
    SpendingModel as SpendingModel,
    SpendingResults as SpendingResults,
)
from .place import (
    Measure as Measure,
    ai_path as ai_path,
    paying_path as paying_path,
)
from .placebos import (
    placebo_finding as placebo_finding,
)
from .published import (
    PublishedShare as PublishedShare,
    compare_published_shares as compare_published_shares,
)
