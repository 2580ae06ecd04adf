# Made by `make docs` from the stubs of the rooms; do not edit.
from . import data as data
from . import series as series
from . import explosive as explosive
from . import record as record
from . import evaluation as evaluation
from . import lenses as lenses
from . import spending as spending
from . import answers as answers
from . import quoted as quoted
from . import figures as figures
from . import report as report
from . import explore as explore
from . import refresh as refresh
from .errors import (
    DataError as DataError,
    InputError as InputError,
    ManiasError as ManiasError,
)
from .data import (
    Dataset as Dataset,
    Library as Library,
    Series as Series,
    Source as Source,
    check as check,
    known_on as known_on,
    load as load,
    names as names,
    read as read,
    read_series as read_series,
)
from .series import (
    EventTime as EventTime,
    Flows as Flows,
    Index as Index,
    Panel as Panel,
    RunUp as RunUp,
    RunUpRule as RunUpRule,
    Trajectory as Trajectory,
    ai_indices as ai_indices,
    align as align,
    basket as basket,
    crossings as crossings,
    date_runups as date_runups,
    deflate as deflate,
    later_indices as later_indices,
    later_path as later_path,
    later_returns as later_returns,
    later_series as later_series,
    later_themes as later_themes,
    load_flows as load_flows,
    load_panel as load_panel,
    market_path as market_path,
    market_series as market_series,
    measure_runups as measure_runups,
    milestones as milestones,
    own as own,
    own_index as own_index,
    same_age as same_age,
    share_of as share_of,
    to_event_time as to_event_time,
    trajectory as trajectory,
    trajectory_names as trajectory_names,
    variants as variants,
)
from .explosive import (
    date_panel as date_panel,
    date_series as date_series,
    fit_lppls as fit_lppls,
    lppls_confidence as lppls_confidence,
    recursive_tests as recursive_tests,
)
from .record import (
    Innovation as Innovation,
    burden_table as burden_table,
    capex_table as capex_table,
    check_claims as check_claims,
    coder_agreement as coder_agreement,
    compare_financing as compare_financing,
    computed_verdicts as computed_verdicts,
    count_verdicts as count_verdicts,
    financing_table as financing_table,
    label_innovations as label_innovations,
    list_innovations as list_innovations,
    panic_money as panic_money,
    settled_covariates as settled_covariates,
)
from .evaluation import (
    FirthClassifier as FirthClassifier,
    LogitResults as LogitResults,
    Scores as Scores,
    base_rates as base_rates,
    rank_power as rank_power,
    score as score,
)
from .lenses import (
    Answer as Answer,
    Assessment as Assessment,
    Assumption as Assumption,
    CrashHazard as CrashHazard,
    InnovationLogit as InnovationLogit,
    LadderModel as LadderModel,
    LadderResults as LadderResults,
    LandmarkModel as LandmarkModel,
    PaybackModel as PaybackModel,
    PaybackResults as PaybackResults,
    PrecedentModel as PrecedentModel,
    RunUpLogit as RunUpLogit,
    WhichLogit as WhichLogit,
    answer_hazard as answer_hazard,
    answer_index as answer_index,
    answer_innovation as answer_innovation,
    assess as assess,
    assess_series as assess_series,
    backtest as backtest,
    crash_rates as crash_rates,
    crash_within as crash_within,
    held_apart as held_apart,
    industry_risks as industry_risks,
    load_assumptions as load_assumptions,
    load_conditions as load_conditions,
    own_payback as own_payback,
    past_odds as past_odds,
    payback_cases as payback_cases,
    relative_odds as relative_odds,
    required_revenue as required_revenue,
    specifications as specifications,
)
from .spending import (
    AnswerByDefinition as AnswerByDefinition,
    Asked as Asked,
    BoomAge as BoomAge,
    BoomComparison as BoomComparison,
    BoomRow as BoomRow,
    BoomsInMoney as BoomsInMoney,
    ByDefinition as ByDefinition,
    ComparedBoom as ComparedBoom,
    Hindsight as Hindsight,
    Measure as Measure,
    PublishedShare as PublishedShare,
    SpendingModel as SpendingModel,
    SpendingResults as SpendingResults,
    ai_path as ai_path,
    answer_by_definition as answer_by_definition,
    backtest_spending as backtest_spending,
    booms_in_money as booms_in_money,
    compare_booms as compare_booms,
    compare_published_shares as compare_published_shares,
    definition_path as definition_path,
    paying_path as paying_path,
    place_hindsight as place_hindsight,
)
from .answers import (
    Forecast as Forecast,
    Judgement as Judgement,
    ask as ask,
    ask_indices as ask_indices,
    ask_own as ask_own,
    backtest_lenses as backtest_lenses,
    cite as cite,
    judge as judge,
    list_forecasts as list_forecasts,
    list_models as list_models,
    load_model as load_model,
    measure_ai as measure_ai,
    measure_own as measure_own,
    model_names as model_names,
)
from .quoted import (
    Quoted as Quoted,
    find_quoted as find_quoted,
    reconcile as reconcile,
)
from .figures import (
    answer_table as answer_table,
    index_table as index_table,
    measure_table as measure_table,
    plot_burden as plot_burden,
    plot_capex as plot_capex,
    plot_dating as plot_dating,
    plot_event_time as plot_event_time,
    plot_gains as plot_gains,
    plot_judgements as plot_judgements,
    plot_ladder as plot_ladder,
    plot_payback as plot_payback,
    plot_risks as plot_risks,
    plot_scores as plot_scores,
    plot_sensitivities as plot_sensitivities,
    plot_specifications as plot_specifications,
    plot_spending as plot_spending,
    plot_standing as plot_standing,
    plot_timeline as plot_timeline,
    plot_variants as plot_variants,
    standing_table as standing_table,
)
from .report import (
    trace as trace,
)
from .explore import (
    Counted as Counted,
    count_crashes as count_crashes,
    count_rises as count_rises,
)
from .refresh import (
    Moved as Moved,
    Refreshed as Refreshed,
    TableStatus as TableStatus,
    compare_editions as compare_editions,
    data_status as data_status,
    freeze_edition as freeze_edition,
    read_company_facts as read_company_facts,
    refresh as refresh,
)

__version__: str
