from .counting import (
    Counted as Counted,
    count_crashes as count_crashes,
    count_rises as count_rises,
)
