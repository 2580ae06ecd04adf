"""Every public function, settings class and method refuses what its annotations do not say."""

import inspect
import math
import types
from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass
from typing import Annotated, Literal, Union, get_args, get_origin

import manias
import numpy as np
import pandas as pd
import pytest
from manias.data.arguments import Ascending, Count, Number, Whole, accept, checked, words_of
from manias.errors import DataError, InputError
from manias.explosive.critical import simulate_critical
from manias.explosive.lppls import LPPLSFilters, LPPLSSettings

LEFT = {"FirthClassifier", "ask", "ask_own"}
"""scikit-learn looks at settings in `fit`; the others read whatever a target may be."""
NAN = float("nan")
BAD = {
    int: (True, 1.5, 1.0, np.float64(2), "3", b"3", 1j),
    float: (True, "0.5", NAN, math.inf, 1j),
    bool: (1, "yes", np.float64(1)),
    str: (5, b"x", True),
}


def settings(kind):
    return is_dataclass(kind) and all(
        f.default is not MISSING or f.default_factory is not MISSING
        for f in fields(kind)
        if f.init
    )


def callables():
    for name in manias.__all__[1:]:
        thing = getattr(manias, name)
        if isinstance(thing, types.ModuleType) or name in LEFT:
            continue
        if not inspect.isclass(thing):
            yield name, thing, ()
        elif not issubclass(thing, Exception):
            if settings(thing):
                yield name, thing, ()
            for method, function in vars(thing).items():
                if inspect.isfunction(function) and not method.startswith("_"):
                    yield f"{name}.{method}", function, (None,)


def parts(hint):
    """The kinds that an annotation allows, None left out."""
    if get_origin(hint) in (Union, types.UnionType):
        return [p for each in get_args(hint) if each is not type(None) for p in parts(each)]
    return [hint]


def base(hint):
    return hint.__origin__ if get_origin(hint) is Annotated else hint


CALLABLES = [pytest.param(*rest, id=name) for name, *rest in callables()]


def parameters(called, before):
    for parameter in list(inspect.signature(called).parameters.values())[len(before) :]:
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            yield parameter.name, parameter.annotation


def bad_values(hint):
    """Values that no kind of the annotation allows."""
    kinds = parts(hint)
    if not words_of(hint):
        return
    yield object()
    if len(kinds) > 1:
        return
    (kind,) = kinds
    yield from BAD.get(base(kind), ())
    if get_origin(kind) is Literal:
        yield from ("no such choice", 5, None if type(None) not in get_args(hint) else 5)
    for limit in getattr(kind, "__metadata__", ()):
        if isinstance(limit, Whole):
            yield limit.least - 1
            if limit.most is not None:
                yield limit.most + 1
        if isinstance(limit, Number):
            for end, beyond in ((limit.low, -0.5), (limit.high, 0.5)):
                if math.isfinite(end):
                    yield end + beyond
                    if not limit.ends:
                        yield end
        if isinstance(limit, Ascending):
            yield from ((0.9, 0.1), (NAN, 1.0), (True, 2.0), "ab", ())


@pytest.mark.parametrize(("called", "before"), CALLABLES)
def test_what_an_argument_cannot_be_is_refused_by_its_name(called, before):
    for name, hint in parameters(called, before):
        assert hint is not inspect.Parameter.empty
        for value in bad_values(hint):
            if value != value and "or_none=True" in str(hint):
                continue
            with pytest.raises(InputError) as error:
                called(*before, **{name: value})
            message = str(error.value)
            assert message.startswith(f"{name}="), message
            assert "expected" in message and "\n" not in message and len(message) < 250


@pytest.mark.parametrize(("called", "before"), CALLABLES)
def test_a_whole_number_says_how_small_it_may_be(called, before):
    for name, hint in parameters(called, before):
        for kind in parts(hint):
            assert kind is not int, f"{name}: annotate it as Count, Natural or with Whole"
            if name == "confidence":
                assert words_of(kind) == "a number between 0 and 1"


def test_the_error_of_a_missing_argument_is_python_s():
    with pytest.raises(TypeError, match="missing 1 required"):
        manias.trajectory()
    with pytest.raises(TypeError, match="unexpected keyword"):
        manias.date_series([1.0], draws=5)


def test_what_an_annotation_allows_is_allowed():
    @checked
    def call(
        n: Count | None = 1,
        *,
        names: Sequence[str] = (),
        by: dict[str, float] | None = None,
        when: "pd.Period | str" = "",
        later: "NotImportedYet | None" = None,  # noqa: F821
    ):
        return n

    assert call(np.int64(3)) == 3
    assert call(None, names=["a"], by={"a": 1}, when=pd.Period("2000"), later=5) is None
    for bad in ({"names": "a"}, {"names": [1]}, {"by": {"a": "b"}}, {"when": 5}):
        with pytest.raises(InputError, match=next(iter(bad))):
            call(**bad)


@pytest.mark.parametrize(
    ("hint", "value", "words"),
    [
        (Count, 0, "x=0: expected a whole number, 1 or more"),
        (Annotated[int, Whole(0, 3)], 4, "x=4: expected a whole number, 0 to 3"),
        (Annotated[float, Number(0)], 0, "x=0: expected more than 0"),
        (Count | Literal["aic", "bic"], "hqc", "1 or more or 'aic' or 'bic'"),
        (Literal["a", "b"], "c", "x='c': expected one of a, b"),
        (
            Annotated[tuple[float, float], Ascending(Number(0), 2)],
            (0.9, 0.1),
            r"x=\(0.9, 0.1\): expected 2 ascending numbers, each more than 0",
        ),
        (pd.Series, pd.DataFrame(), "x=DataFrame: expected a pandas Series"),
        (str, 5, "x=5: expected a text"),
    ],
)
def test_messages_in_words(hint, value, words):
    with pytest.raises(InputError, match=words):
        accept("x", value, hint)


MONTHS = pd.period_range("2000-01", periods=60, freq="M")
WALK = np.random.default_rng(0).standard_normal(60).cumsum() + 50


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (pd.DatetimeIndex([*MONTHS.to_timestamp()[:-1], pd.NaT]), "none at position 59"),
        (MONTHS[[*range(59), 58]], "2004-11 stands twice"),
        (MONTHS[::-1], "2004-11 after 2004-12; expected ascending"),
        (MONTHS[:-1].append(MONTHS[-1:] + 1), "2004-12 is missing; expected no gap"),
        (MONTHS[:-1], "dates: 59 for 60 numbers; expected as many"),
    ],
)
def test_dates_that_are_none_are_named(dates, words):
    with pytest.raises((DataError, InputError), match=words):
        manias.date_series(WALK, dates)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "empty"),
        ([*WALK[:-1], np.inf], "inf at"),
        (["1.5"] * 60, "other than numbers"),
        ([True, False] * 30, "other than numbers"),
        (pd.Series([*WALK[:-1], pd.NA], MONTHS), "nan at 2004-12"),
        (pd.Series(MONTHS.to_timestamp()), "other than numbers"),
        (np.ones((2, 3)), "one dimension"),
    ],
)
def test_values_that_are_none_are_named(values, words):
    for test in (manias.date_series, manias.recursive_tests):
        with pytest.raises(DataError, match=words.split(" at")[0]):
            test(values)
    with pytest.raises(DataError, match=words):
        manias.date_series(values)


def test_hours_keep_their_hour_and_a_panel_names_its_column():
    hours = pd.date_range("2000-01-01", periods=60, freq="h")
    assert len(set(manias.date_series(pd.Series(WALK, hours)).dates)) > 40
    panel = pd.DataFrame({"a": WALK, "b c": [*WALK[:-1], np.nan]}, MONTHS)
    with pytest.raises(DataError, match="panel, column 'b c': series: nan at 2004-12"):
        manias.date_panel(panel, n_draws=100)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"n": 60, "lag": 1}, "made for lag 1; expected 0"),
        ({"n": 61}, "made for n 61; expected 60"),
        ({"n": 60, "min_window": 20}, "made for rows 20; expected 14"),
    ],
)
def test_critical_values_of_another_case_are_refused(made, words):
    with pytest.raises(InputError, match=words):
        manias.date_series(WALK, critical=simulate_critical(**made, n_draws=100))


def test_one_series_in_any_form_is_one_series():
    series = pd.Series(WALK, MONTHS)
    forms = (
        (series,), (series.to_frame("x"),), (WALK, MONTHS), (WALK.tolist(), list(MONTHS)),
        (WALK, [str(m) for m in MONTHS]), (WALK, np.array([str(m) for m in MONTHS])),
    )  # fmt: skip
    found = [manias.date_series(*form).to_dict() for form in forms]
    assert all(each == found[0] for each in found)
    mine = manias.own(series, measure="m")
    assert mine.values.tolist() == WALK.tolist()
    assert manias.own(series.to_frame("x"), measure="m").values.equals(mine.values)


def test_lppls_of_dates_is_in_years():
    settings = LPPLSSettings(starts=8, grid=(6, 3, 8))
    days = pd.bdate_range("2020-01-01", periods=120)
    price = np.log(np.linspace(100, 200, 120) + np.sin(np.arange(120)))
    found = manias.fit_lppls(pd.Series(price, days), settings=settings)
    assert found == manias.fit_lppls(days, price, settings=settings)
    assert found.t1 == 2020.0 and found.t2 == pytest.approx(
        2020 + (days[-1].day_of_year - 1) / 366
    )
    assert np.isfinite(found.predict(days)).all()
    with pytest.raises(InputError, match="expected times before tc"):
        found.predict([2021.9, 2100.0])
    with pytest.raises(InputError, match="expected a Series by date"):
        manias.fit_lppls(price)
    with pytest.raises(InputError, match=r"m=\(0.9, 0.1\): expected 2 ascending numbers"):
        LPPLSFilters(m=(0.9, 0.1))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: manias.base_rates([0, 1, 2]), "outcomes: 2 at position 2; expected 0 or 1"),
        (lambda: manias.base_rates([0, 1], [1]), "groups: 1 for 2 outcomes"),
        (lambda: manias.score([0, 1], [0.5, NAN], [0.5, 0.5], scheme="x"), "prediction nan"),
        (lambda: manias.score([0, 1], [0.5], [0.5, 0.5], scheme="x"), "predictions: 1 numbers"),
        (
            lambda: manias.required_revenue(
                [1.0, np.inf], shares=[1.0], lives=[2.0], rate=0.1, opex_share=0.0
            ),
            "capex: inf at position 1",
        ),
    ],
)
def test_arrays_are_named(call, words):
    with pytest.raises(DataError, match=words):
        call()
