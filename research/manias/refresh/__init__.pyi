from .compare import (
    compare_editions as compare_editions,
)
from .freezing import (
    freeze_edition as freeze_edition,
)
from .run import (
    Moved as Moved,
    Refreshed as Refreshed,
    refresh as refresh,
)
from .company_facts import (
    read_company_facts as read_company_facts,
)
from .status import (
    TableStatus as TableStatus,
    data_status as data_status,
)
