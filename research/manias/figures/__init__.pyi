from .dating import (
    plot_dating as plot_dating,
)
from .forecasts import (
    plot_judgements as plot_judgements,
)
from .payback import (
    plot_payback as plot_payback,
)
from .payback import (
    plot_sensitivities as plot_sensitivities,
)
from .record import (
    plot_burden as plot_burden,
)
from .record import (
    plot_capex as plot_capex,
)
from .record import (
    plot_event_time as plot_event_time,
)
from .record import (
    plot_timeline as plot_timeline,
)
from .runups import (
    plot_ladder as plot_ladder,
)
from .runups import (
    plot_risks as plot_risks,
)
from .runups import (
    plot_standing as plot_standing,
)
from .runups import (
    plot_variants as plot_variants,
)
from .skill import (
    plot_gains as plot_gains,
)
from .skill import (
    plot_scores as plot_scores,
)
from .skill import (
    plot_specifications as plot_specifications,
)
from .tables import (
    answer_table as answer_table,
)
from .tables import (
    index_table as index_table,
)
from .tables import (
    standing_table as standing_table,
)
