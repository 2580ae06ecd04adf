from .reader import (
    Series as Series,
)
from .reader import (
    read_columns as read_columns,
)
from .reader import (
    read_series as read_series,
)
from .sources import (
    Source as Source,
)
from .tables import (
    Dataset as Dataset,
)
from .tables import (
    load as load,
)
from .tables import (
    names as names,
)
from .validation import (
    check as check,
)
