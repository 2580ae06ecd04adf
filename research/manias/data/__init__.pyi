from .library import (
    Library as Library,
    known_on as known_on,
    load as load,
    names as names,
)
from .reader import (
    Series as Series,
    read as read,
    read_series as read_series,
)
from .sources import (
    Source as Source,
)
from .tables import (
    Dataset as Dataset,
)
from .validation import (
    check as check,
)
