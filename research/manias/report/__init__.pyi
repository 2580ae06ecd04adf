from .tracing import (
    trace as trace,
)
