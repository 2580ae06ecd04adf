"""Do today's AI capital-expenditure trajectories resemble past bubbles?

Public names are imported on first use, so that ``import manias`` stays quick.
"""

from importlib import import_module
from importlib.metadata import version

_PUBLIC = {
    "Answer": "models.base",
    "Assessment": "models.ladder",
    "Assumption": "models.payback",
    "DataError": "errors",
    "Dataset": "catalog",
    "EventTime": "timeline",
    "Forecast": "forecasts",
    "Innovation": "innovations",
    "InputError": "errors",
    "Judgement": "forecasts",
    "LadderModel": "models.ladder",
    "LadderResults": "models.ladder",
    "LogitResults": "models.base",
    "ManiasError": "errors",
    "Panel": "episodes",
    "PaybackModel": "models.payback",
    "PaybackResults": "models.payback",
    "RunUp": "episodes",
    "RunUpLogit": "models.hazard",
    "RunUpRule": "episodes",
    "Scores": "evaluation",
    "Series": "inputs",
    "Source": "sources",
    "Trajectory": "timeline",
    "align": "timeline",
    "assess": "models.ladder",
    "assess_series": "models.ladder",
    "backtest": "models.hazard",
    "base_rates": "evaluation",
    "basket": "market",
    "burden_table": "tables",
    "capex_table": "tables",
    "check": "catalog",
    "check_claims": "claims",
    "cite": "citing",
    "coder_agreement": "covariates",
    "computed_verdicts": "labels",
    "count_verdicts": "innovations",
    "date_panel": "dating",
    "date_runups": "episodes",
    "date_series": "dating",
    "deflate": "prices",
    "fit_lppls": "lppls",
    "industry_risks": "models.hazard",
    "judge": "forecasts",
    "label_innovations": "labels",
    "list_forecasts": "forecasts",
    "list_innovations": "innovations",
    "list_models": "archive",
    "load": "catalog",
    "load_assumptions": "models.payback",
    "load_conditions": "features",
    "load_model": "archive",
    "load_panel": "episodes",
    "lppls_confidence": "lppls",
    "market_path": "market",
    "market_series": "market",
    "measure_runups": "episodes",
    "milestones": "market",
    "model_names": "archive",
    "names": "catalog",
    "own": "trajectories",
    "own_payback": "models.payback",
    "plot_burden": "figures",
    "plot_capex": "figures",
    "plot_dating": "figures",
    "plot_event_time": "figures",
    "plot_judgements": "figures",
    "plot_ladder": "figures",
    "plot_payback": "figures",
    "plot_risks": "figures",
    "plot_scores": "figures",
    "plot_sensitivities": "figures",
    "plot_standing": "figures",
    "plot_timeline": "figures",
    "plot_variants": "figures",
    "read_columns": "inputs",
    "read_series": "inputs",
    "recursive_tests": "bubbletests",
    "required_revenue": "models.payback",
    "same_age": "market",
    "score": "evaluation",
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
