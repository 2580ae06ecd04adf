from .beside import (
    plot_beside as plot_beside,
)
from .booms import (
    plot_booms as plot_booms,
)
from .dating import (
    plot_dating as plot_dating,
)
from .debts import (
    plot_debts as plot_debts,
)
from .forecasts import (
    plot_judgements as plot_judgements,
)
from .payback import (
    plot_payback as plot_payback,
    plot_sensitivities as plot_sensitivities,
)
from .ranges import (
    plot_payback_ranges as plot_payback_ranges,
)
from .record import (
    plot_burden as plot_burden,
    plot_capex as plot_capex,
    plot_event_time as plot_event_time,
    plot_timeline as plot_timeline,
)
from .runups import (
    plot_ladder as plot_ladder,
    plot_risks as plot_risks,
    plot_standing as plot_standing,
    plot_variants as plot_variants,
)
from .shares import (
    plot_falls as plot_falls,
    plot_shares as plot_shares,
    plot_valuation as plot_valuation,
)
from .skill import (
    plot_gains as plot_gains,
    plot_scores as plot_scores,
    plot_specifications as plot_specifications,
)
from .spells import (
    plot_last_spell as plot_last_spell,
)
from .sliders import (
    Sliders as Sliders,
    sliders as sliders,
)
from .spending import (
    plot_spending as plot_spending,
)
from .tables import (
    answer_table as answer_table,
    index_table as index_table,
    measure_table as measure_table,
    standing_table as standing_table,
)
from .words import (
    describe_figure as describe_figure,
)
