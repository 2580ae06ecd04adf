from .baskets import (
    basket as basket,
    market_path as market_path,
    market_series as market_series,
    milestones as milestones,
    same_age as same_age,
)
from .deflate import (
    deflate as deflate,
    share_of as share_of,
)
from .flows import (
    Flows as Flows,
    load_flows as load_flows,
)
from .indices import (
    Index as Index,
    ai_indices as ai_indices,
    crossings as crossings,
    own_index as own_index,
)
from .later_booms import (
    later_indices as later_indices,
    later_path as later_path,
    later_returns as later_returns,
    later_series as later_series,
    later_themes as later_themes,
)
from .prices import (
    price_index as price_index,
)
from .runups import (
    Panel as Panel,
    RunUp as RunUp,
    RunUpRule as RunUpRule,
    date_runups as date_runups,
    load_panel as load_panel,
    measure_runups as measure_runups,
    variants as variants,
)
from .shares import (
    compare_shares as compare_shares,
    recent_falls as recent_falls,
)
from .timeline import (
    EventTime as EventTime,
    Trajectory as Trajectory,
    align as align,
    to_event_time as to_event_time,
)
from .trajectories import (
    own as own,
    trajectory as trajectory,
    trajectory_names as trajectory_names,
)
from .valuation import (
    value_market as value_market,
)
