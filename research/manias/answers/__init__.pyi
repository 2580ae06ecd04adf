from .archive import (
    list_models as list_models,
    load_model as load_model,
    model_names as model_names,
)
from .citing import (
    cite as cite,
)
from .classify import (
    ask as ask,
    ask_indices as ask_indices,
    ask_own as ask_own,
)
from .forecasts import (
    Forecast as Forecast,
    Judgement as Judgement,
    judge as judge,
    list_forecasts as list_forecasts,
)
from .measures import (
    measure_ai as measure_ai,
    measure_own as measure_own,
)
from .own_answers import (
    own_replies as own_replies,
)
from .past import (
    backtest_lenses as backtest_lenses,
)
from .questions import (
    Outcome as Outcome,
    Question as Question,
    Reply as Reply,
    list_questions as list_questions,
    list_replies as list_replies,
    resolve as resolve,
)
from .tournament import (
    Entry as Entry,
    Standings as Standings,
    Tournament as Tournament,
    tournament as tournament,
)
