"""Do today's AI capital-expenditure trajectories resemble past bubbles?

Public names are imported on first use, so that ``import manias`` stays quick.
"""

from importlib import import_module
from importlib.metadata import version

_PUBLIC = {
    "Assessment": "models.ladder",
    "DataError": "errors",
    "Dataset": "catalog",
    "EventTime": "timeline",
    "Innovation": "innovations",
    "InputError": "errors",
    "LadderModel": "models.ladder",
    "LadderResults": "models.ladder",
    "ManiasError": "errors",
    "Panel": "episodes",
    "RunUp": "episodes",
    "RunUpRule": "episodes",
    "Source": "sources",
    "Trajectory": "timeline",
    "align": "timeline",
    "assess": "models.ladder",
    "assess_series": "models.ladder",
    "basket": "market",
    "capex_table": "tables",
    "check": "catalog",
    "check_claims": "claims",
    "coder_agreement": "covariates",
    "computed_verdicts": "labels",
    "count_verdicts": "innovations",
    "date_panel": "dating",
    "date_runups": "episodes",
    "date_series": "dating",
    "deflate": "prices",
    "fit_lppls": "lppls",
    "label_innovations": "labels",
    "list_innovations": "innovations",
    "load": "catalog",
    "load_panel": "episodes",
    "lppls_confidence": "lppls",
    "market_path": "market",
    "market_series": "market",
    "measure_runups": "episodes",
    "milestones": "market",
    "names": "catalog",
    "own": "trajectories",
    "plot_capex": "figures",
    "plot_dating": "figures",
    "plot_event_time": "figures",
    "plot_ladder": "figures",
    "plot_standing": "figures",
    "plot_timeline": "figures",
    "read_columns": "inputs",
    "read_series": "inputs",
    "recursive_tests": "bubbletests",
    "same_age": "market",
    "settled_covariates": "covariates",
    "share_of": "prices",
    "standing_table": "tables",
    "to_event_time": "timeline",
    "trajectory": "trajectories",
    "trajectory_names": "trajectories",
    "variants": "episodes",
}
__all__ = ["__version__", *_PUBLIC]
__version__ = version("manias")


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'manias' has no attribute {name!r}")
    return getattr(import_module(f"manias.{_PUBLIC[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
