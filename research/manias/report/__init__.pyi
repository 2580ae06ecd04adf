from .build import (
    trace as trace,
)
