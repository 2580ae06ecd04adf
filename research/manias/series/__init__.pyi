from .baskets import (
    basket as basket,
)
from .baskets import (
    market_path as market_path,
)
from .baskets import (
    market_series as market_series,
)
from .baskets import (
    milestones as milestones,
)
from .baskets import (
    same_age as same_age,
)
from .deflate import (
    deflate as deflate,
)
from .deflate import (
    share_of as share_of,
)
from .indices import (
    Index as Index,
)
from .indices import (
    ai_indices as ai_indices,
)
from .indices import (
    crossings as crossings,
)
from .indices import (
    own_index as own_index,
)
from .later_booms import (
    later_indices as later_indices,
)
from .later_booms import (
    later_path as later_path,
)
from .later_booms import (
    later_returns as later_returns,
)
from .later_booms import (
    later_series as later_series,
)
from .later_booms import (
    later_themes as later_themes,
)
from .runups import (
    Panel as Panel,
)
from .runups import (
    RunUp as RunUp,
)
from .runups import (
    RunUpRule as RunUpRule,
)
from .runups import (
    date_runups as date_runups,
)
from .runups import (
    load_panel as load_panel,
)
from .runups import (
    measure_runups as measure_runups,
)
from .runups import (
    variants as variants,
)
from .timeline import (
    EventTime as EventTime,
)
from .timeline import (
    Trajectory as Trajectory,
)
from .timeline import (
    align as align,
)
from .timeline import (
    to_event_time as to_event_time,
)
from .trajectories import (
    own as own,
)
from .trajectories import (
    trajectory as trajectory,
)
from .trajectories import (
    trajectory_names as trajectory_names,
)
