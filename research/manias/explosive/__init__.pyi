from .dating import (
    date_panel as date_panel,
    date_series as date_series,
)
from .lppls import (
    fit_lppls as fit_lppls,
    lppls_confidence as lppls_confidence,
)
from .recursive import (
    recursive_tests as recursive_tests,
)
from .spells import (
    last_spell as last_spell,
)
