from .archive import (
    list_models as list_models,
)
from .archive import (
    load_model as load_model,
)
from .archive import (
    model_names as model_names,
)
from .citing import (
    cite as cite,
)
from .classify import (
    ask as ask,
)
from .classify import (
    ask_indices as ask_indices,
)
from .classify import (
    ask_own as ask_own,
)
from .forecasts import (
    Forecast as Forecast,
)
from .forecasts import (
    Judgement as Judgement,
)
from .forecasts import (
    judge as judge,
)
from .forecasts import (
    list_forecasts as list_forecasts,
)
from .past import (
    backtest_lenses as backtest_lenses,
)
