# Made by `make docs` from the stubs of the rooms; do not edit.
from . import answers as answers
from . import data as data
from . import evaluation as evaluation
from . import explosive as explosive
from . import figures as figures
from . import lenses as lenses
from . import record as record
from . import report as report
from . import series as series
from .answers import (
    Forecast as Forecast,
)
from .answers import (
    Judgement as Judgement,
)
from .answers import (
    ask as ask,
)
from .answers import (
    ask_indices as ask_indices,
)
from .answers import (
    ask_own as ask_own,
)
from .answers import (
    backtest_lenses as backtest_lenses,
)
from .answers import (
    cite as cite,
)
from .answers import (
    judge as judge,
)
from .answers import (
    list_forecasts as list_forecasts,
)
from .answers import (
    list_models as list_models,
)
from .answers import (
    load_model as load_model,
)
from .answers import (
    model_names as model_names,
)
from .data import (
    Dataset as Dataset,
)
from .data import (
    Series as Series,
)
from .data import (
    Source as Source,
)
from .data import (
    check as check,
)
from .data import (
    load as load,
)
from .data import (
    names as names,
)
from .data import (
    read_columns as read_columns,
)
from .data import (
    read_series as read_series,
)
from .errors import (
    DataError as DataError,
)
from .errors import (
    InputError as InputError,
)
from .errors import (
    ManiasError as ManiasError,
)
from .evaluation import (
    FirthClassifier as FirthClassifier,
)
from .evaluation import (
    LogitResults as LogitResults,
)
from .evaluation import (
    Scores as Scores,
)
from .evaluation import (
    base_rates as base_rates,
)
from .evaluation import (
    rank_power as rank_power,
)
from .evaluation import (
    score as score,
)
from .explosive import (
    date_panel as date_panel,
)
from .explosive import (
    date_series as date_series,
)
from .explosive import (
    fit_lppls as fit_lppls,
)
from .explosive import (
    lppls_confidence as lppls_confidence,
)
from .explosive import (
    recursive_tests as recursive_tests,
)
from .figures import (
    answer_table as answer_table,
)
from .figures import (
    index_table as index_table,
)
from .figures import (
    plot_burden as plot_burden,
)
from .figures import (
    plot_capex as plot_capex,
)
from .figures import (
    plot_dating as plot_dating,
)
from .figures import (
    plot_event_time as plot_event_time,
)
from .figures import (
    plot_gains as plot_gains,
)
from .figures import (
    plot_judgements as plot_judgements,
)
from .figures import (
    plot_ladder as plot_ladder,
)
from .figures import (
    plot_payback as plot_payback,
)
from .figures import (
    plot_risks as plot_risks,
)
from .figures import (
    plot_scores as plot_scores,
)
from .figures import (
    plot_sensitivities as plot_sensitivities,
)
from .figures import (
    plot_specifications as plot_specifications,
)
from .figures import (
    plot_standing as plot_standing,
)
from .figures import (
    plot_timeline as plot_timeline,
)
from .figures import (
    plot_variants as plot_variants,
)
from .figures import (
    standing_table as standing_table,
)
from .lenses import (
    Answer as Answer,
)
from .lenses import (
    Assessment as Assessment,
)
from .lenses import (
    Assumption as Assumption,
)
from .lenses import (
    CrashHazard as CrashHazard,
)
from .lenses import (
    InnovationLogit as InnovationLogit,
)
from .lenses import (
    LadderModel as LadderModel,
)
from .lenses import (
    LadderResults as LadderResults,
)
from .lenses import (
    LandmarkModel as LandmarkModel,
)
from .lenses import (
    PaybackModel as PaybackModel,
)
from .lenses import (
    PaybackResults as PaybackResults,
)
from .lenses import (
    PrecedentModel as PrecedentModel,
)
from .lenses import (
    RunUpLogit as RunUpLogit,
)
from .lenses import (
    answer_hazard as answer_hazard,
)
from .lenses import (
    answer_index as answer_index,
)
from .lenses import (
    answer_innovation as answer_innovation,
)
from .lenses import (
    assess as assess,
)
from .lenses import (
    assess_series as assess_series,
)
from .lenses import (
    backtest as backtest,
)
from .lenses import (
    crash_within as crash_within,
)
from .lenses import (
    held_apart as held_apart,
)
from .lenses import (
    industry_risks as industry_risks,
)
from .lenses import (
    load_assumptions as load_assumptions,
)
from .lenses import (
    load_conditions as load_conditions,
)
from .lenses import (
    own_payback as own_payback,
)
from .lenses import (
    required_revenue as required_revenue,
)
from .lenses import (
    specifications as specifications,
)
from .record import (
    Innovation as Innovation,
)
from .record import (
    burden_table as burden_table,
)
from .record import (
    capex_table as capex_table,
)
from .record import (
    check_claims as check_claims,
)
from .record import (
    coder_agreement as coder_agreement,
)
from .record import (
    compare_financing as compare_financing,
)
from .record import (
    computed_verdicts as computed_verdicts,
)
from .record import (
    count_verdicts as count_verdicts,
)
from .record import (
    financing_table as financing_table,
)
from .record import (
    label_innovations as label_innovations,
)
from .record import (
    list_innovations as list_innovations,
)
from .record import (
    settled_covariates as settled_covariates,
)
from .report import (
    trace as trace,
)
from .series import (
    EventTime as EventTime,
)
from .series import (
    Index as Index,
)
from .series import (
    Panel as Panel,
)
from .series import (
    RunUp as RunUp,
)
from .series import (
    RunUpRule as RunUpRule,
)
from .series import (
    Trajectory as Trajectory,
)
from .series import (
    ai_indices as ai_indices,
)
from .series import (
    align as align,
)
from .series import (
    basket as basket,
)
from .series import (
    crossings as crossings,
)
from .series import (
    date_runups as date_runups,
)
from .series import (
    deflate as deflate,
)
from .series import (
    later_indices as later_indices,
)
from .series import (
    later_path as later_path,
)
from .series import (
    later_returns as later_returns,
)
from .series import (
    later_series as later_series,
)
from .series import (
    later_themes as later_themes,
)
from .series import (
    load_panel as load_panel,
)
from .series import (
    market_path as market_path,
)
from .series import (
    market_series as market_series,
)
from .series import (
    measure_runups as measure_runups,
)
from .series import (
    milestones as milestones,
)
from .series import (
    own as own,
)
from .series import (
    own_index as own_index,
)
from .series import (
    same_age as same_age,
)
from .series import (
    share_of as share_of,
)
from .series import (
    to_event_time as to_event_time,
)
from .series import (
    trajectory as trajectory,
)
from .series import (
    trajectory_names as trajectory_names,
)
from .series import (
    variants as variants,
)

__version__: str
