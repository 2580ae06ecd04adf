from .verdict import (
    Quoted as Quoted,
    find_quoted as find_quoted,
    reconcile as reconcile,
)
