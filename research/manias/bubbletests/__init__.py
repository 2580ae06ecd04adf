"""Right-tailed unit-root tests and their critical values."""

from manias.bubbletests.critical import (
    LEVELS,
    CriticalValues,
    load_critical,
    panel_bootstrap,
    simulate_critical,
    wild_bootstrap,
)
from manias.bubbletests.recursive import (
    BubbleTest,
    RecursiveTests,
    SingularWindow,
    adf_test,
    default_window,
    gsadf_test,
    recursive_tests,
    sadf_test,
    select_lag,
    window_rows,
)

__all__ = [
    "LEVELS",
    "BubbleTest",
    "CriticalValues",
    "RecursiveTests",
    "SingularWindow",
    "adf_test",
    "default_window",
    "gsadf_test",
    "load_critical",
    "panel_bootstrap",
    "recursive_tests",
    "sadf_test",
    "select_lag",
    "simulate_critical",
    "wild_bootstrap",
    "window_rows",
]
