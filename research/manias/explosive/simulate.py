"""Series whose truth is known: with and without bubbles, as the literature simulates them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from manias.errors import InputError


def random_walk(
    n: int, *, rng: np.random.Generator, drift: float | None = None
) -> NDArray[np.float64]:
    """Draw a Gaussian random walk: no bubble, and with the default drift the tests' null.

    Parameters
    ----------
    n : int
        Observations, >= 2.
    rng : numpy.random.Generator
    drift : float, optional
        Added at every step, in standard deviations of one; 1/n by default, which fades as n
        grows.

    Returns
    -------
    numpy.ndarray
        Shape (n,), steps of standard deviation 1.

    Raises
    ------
    InputError
        If n is below 2.

    References
    ----------
    Phillips, Shi & Yu (2015), International Economic Review 56: a null with a drift of order
    1/n. Phillips, Shi & Yu (2014), Oxford Bulletin of Economics and Statistics 76, on the part
    of the drift under the null.

    Examples
    --------
    >>> random_walk(5, rng=np.random.default_rng(0)).shape
    (5,)
    >>> bool(350 < random_walk(400, rng=np.random.default_rng(0), drift=1.0)[-1] < 450)
    True
    """
    _least("n", n, 2)
    return np.cumsum(rng.standard_normal(n) + (1 / n if drift is None else drift))


def variance_break(
    n: int, *, rng: np.random.Generator, at: float = 0.5, ratio: float = 3.0
) -> NDArray[np.float64]:
    """Draw a random walk whose steps change their standard deviation once; no bubble.

    Parameters
    ----------
    n : int
        Observations, >= 2.
    rng : numpy.random.Generator
    at : float
        Share of the sample before the break, 0 to 1.
    ratio : float
        Standard deviation after the break over that before it, > 0.

    Returns
    -------
    numpy.ndarray
        Shape (n,).

    Raises
    ------
    InputError
        If a setting is out of its range.

    References
    ----------
    Harvey, Leybourne, Sollis & Taylor (2016), Journal of Empirical Finance 38.

    Examples
    --------
    >>> step = np.diff(variance_break(4000, rng=np.random.default_rng(0)))
    >>> bool(2.8 < step[2000:].std() / step[:2000].std() < 3.2)
    True
    """
    _least("n", n, 2)
    if not 0 <= at <= 1 or not ratio > 0:
        raise InputError(f"at={at}, ratio={ratio}: expected 0..1 and more than 0")
    scale = np.where(np.arange(n) < at * n, 1.0, ratio)
    return np.cumsum(scale * rng.standard_normal(n))


def psy_bubbles(
    n: int,
    *,
    rng: np.random.Generator,
    spells: tuple[tuple[float, float], ...] = ((0.4, 0.15),),
    c: float = 1.0,
    alpha: float = 0.6,
    sigma: float = 6.79,
    initial: float = 100.0,
) -> NDArray[np.float64]:
    """Draw a walk with explosive spells, each of which collapses to where it began.

    Parameters
    ----------
    n : int
        Observations, >= 10.
    rng : numpy.random.Generator
    spells : tuple of pairs of float
        Onset and duration of each as shares of the sample, in order.
    c, alpha : float
        The root of a spell is 1 + c * n**-alpha.
    sigma, initial : float
        Standard deviation of a step, and first level.

    Returns
    -------
    numpy.ndarray
        Shape (n,).

    Raises
    ------
    InputError
        If a spell does not lie within the sample or meets the one before.

    References
    ----------
    Phillips, Shi & Yu (2015), International Economic Review 56: a bubble collapses in one
    period to its level at the onset plus a stationary term, here zero.

    Examples
    --------
    >>> y = psy_bubbles(100, rng=np.random.default_rng(1))
    >>> int(y.argmax())
    54
    """
    _least("n", n, 10)
    last = 0.0
    for start, length in spells:
        if not (last <= start and length > 0 and start + length < 1):
            raise InputError(
                f"start={start}, length={length}: expected spells within 0..1, in order and "
                "apart"
            )
        last = start + length
    root = 1 + c * n**-alpha
    onset = {math.floor(s * n): math.floor((s + w) * n) for s, w in spells}
    steps = sigma * rng.standard_normal(n)
    y = np.empty(n)
    y[0] = initial
    end, base = -1, initial
    for t in range(1, n):
        if t in onset:
            end, base = onset[t], y[t - 1]
        if t < end:
            y[t] = root * y[t - 1] + steps[t]
        elif t == end:
            y[t] = base + steps[t]
        else:
            y[t] = y[t - 1] + steps[t]
    return y


def evans(
    n: int,
    *,
    rng: np.random.Generator,
    rate: float = 0.05,
    survival: float = 0.85,
    threshold: float = 1.0,
    floor: float = 0.5,
    tau: float = 0.05,
) -> NDArray[np.float64]:
    """Draw a periodically collapsing bubble.

    Parameters
    ----------
    n : int
        Observations, >= 2.
    rng : numpy.random.Generator
    rate : float
        Return that the bubble must earn on average, > 0.
    survival : float
        Probability that a bubble above the threshold survives a period, 0 to 1.
    threshold, floor : float
        Level above which it may burst, and expected level after bursting:
        0 < floor < (1 + rate) * threshold.
    tau : float
        Standard deviation of the log of the shocks.

    Returns
    -------
    numpy.ndarray
        Shape (n,), the bubble itself, positive.

    Raises
    ------
    InputError
        If a setting is out of its range.

    References
    ----------
    Evans (1991), American Economic Review 81(4).

    Examples
    --------
    >>> bool((evans(100, rng=np.random.default_rng(1)) > 0).all())
    True
    """
    _least("n", n, 2)
    if not (rate > 0 and 0 < survival <= 1 and 0 < floor < (1 + rate) * threshold):
        raise InputError(
            f"rate={rate}, survival={survival}, floor={floor}, threshold={threshold}: expected "
            "rate > 0, survival in (0, 1], 0 < floor < (1 + rate) * threshold"
        )
    shocks = np.exp(tau * rng.standard_normal(n) - tau**2 / 2)
    lives = rng.random(n) < survival
    bubble = np.empty(n)
    bubble[0] = floor
    for t in range(1, n):
        before = bubble[t - 1]
        if before <= threshold:
            grown = (1 + rate) * before
        else:
            grown = floor + lives[t] * (1 + rate) / survival * (before - floor / (1 + rate))
        bubble[t] = grown * shocks[t]
    return bubble


def blanchard(
    n: int,
    *,
    rng: np.random.Generator,
    rate: float = 0.05,
    survival: float = 0.7,
    sigma: float = 0.1,
    initial: float = 0.1,
) -> NDArray[np.float64]:
    """Draw a bubble that either grows fast enough to pay for its risk, or bursts.

    Parameters
    ----------
    n : int
        Observations, >= 2.
    rng : numpy.random.Generator
    rate : float
        Return that the bubble must earn on average, > 0.
    survival : float
        Probability of survival each period, in (0, 1].
    sigma, initial : float
        Standard deviation of the additive shock, and first level.

    Returns
    -------
    numpy.ndarray
        Shape (n,).

    Raises
    ------
    InputError
        If a setting is out of its range.

    References
    ----------
    Blanchard (1979), Economics Letters 3(4); Blanchard & Watson (1982).

    Examples
    --------
    >>> blanchard(50, rng=np.random.default_rng(1)).shape
    (50,)
    """
    _least("n", n, 2)
    if not (rate > 0 and 0 < survival <= 1):
        raise InputError(f"rate={rate}, survival={survival}: expected > 0 and in (0, 1]")
    shocks = sigma * rng.standard_normal(n)
    lives = rng.random(n) < survival
    bubble = np.empty(n)
    bubble[0] = initial
    for t in range(1, n):
        growth = (1 + rate) / survival if lives[t] else 0.0
        bubble[t] = growth * bubble[t - 1] + shocks[t]
    return bubble


Investors = Literal["known", "learned"]
TechnologySeries = Literal["log_price", "log_ratio", "ratio", "residual"]
ShareSeries = Literal["percent", "log"]
SPREAD = 2 * math.log(9)
"""Logistic units from 10 to 90 percent of an S-curve."""


@dataclass(frozen=True, slots=True, eq=False)
class Technology:
    """One draw of dividends, price and proxies with a technology; arrays of shape (n,).

    Attributes
    ----------
    log_dividend : numpy.ndarray
        Dividends of one period.
    log_value : numpy.ndarray
        Present value of all dividends to come over the dividend of the period; no noise.
    belief : numpy.ndarray
        Probability that investors give to the technology.
    log_price : numpy.ndarray
        ``log_dividend`` and ``log_value``, with noise and bubble.
    proxies : numpy.ndarray
        Shape (n, 2): the S-curve, 0 to 1, and its hump, scaled to 1, as observed.
    """

    log_dividend: NDArray[np.float64]
    log_value: NDArray[np.float64]
    belief: NDArray[np.float64]
    log_price: NDArray[np.float64]
    proxies: NDArray[np.float64]


def draw_technology(
    n: int,
    *,
    rng: np.random.Generator,
    gain: float = 0.32,
    years: float = 6.0,
    centre: float = 0.5,
    investors: Investors = "learned",
    periods: int = 12,
    growth: float = 0.0295,
    dividend_sd: float = 0.062,
    dividend_yield: float = 0.0216,
    noise: float = 0.128,
    root: float = 1.0,
    momentum: float = 0.0,
    bubble: float = 0.0,
    prior: float = 0.1,
    information: float = 4.0,
    proxy_noise: float = 0.05,
) -> Technology:
    """Draw dividends that a technology raises, and their price: a present value, no bubble.

    Log dividends grow by a constant, by normal shocks and, along the hump of an S-curve, by the
    technology. The price is the present value of what investors expect at a constant rate of
    discount; noise is added to its log.

    Parameters
    ----------
    n : int
        Observations, >= 10.
    rng : numpy.random.Generator
    gain : float
        What the technology adds to log dividends in the end; 0 for none.
    years : float
        From 10 to 90 percent of the S-curve, > 0.
    centre : float
        Share of the sample at which half of it is reached, 0 to 1.
    investors : {"known", "learned"}
        Whether the path is known from the first period, or believed by Bayes' rule from
        ``prior`` on, out of dividends and a signal. The technology comes in either case.
    periods : int
        Observations in a year.
    growth, dividend_sd, dividend_yield : float
        Log growth a year without the technology, the standard deviation of its shocks over a
        year, > 0, and the yield of a year without the technology, > 0.
    noise, root, momentum : float
        Standard deviation over a year of the steps of the noise, > 0, its autoregressive root,
        in (0, 1], and the autocorrelation of its steps, in (-1, 1).
    bubble : float
        Where above 0, an explosive spell of the noise as in `psy_bubbles` with this ``c``, from
        0.4 to 0.55 of the sample; ``root`` must be 1 and ``momentum`` 0.
    prior, information : float
        First belief, in (0, 1), and log odds that the signal is worth over the whole spread
        on average, >= 0.
    proxy_noise : float
        Standard deviation of the error of each proxy, >= 0.

    Returns
    -------
    Technology

    Raises
    ------
    InputError
        If a setting is out of its range.

    Notes
    -----
    With x the technology's part of growth and V the value over the dividend,
    V[t] = rho * exp(x[t + 1]) * (1 + V[t + 1]) and V = rho / (1 - rho) without technology. As
    beliefs are a martingale, the price of those who learn is the mean of the values with and
    without it, weighted by belief.

    References
    ----------
    Campbell & Shiller (1988), Review of Financial Studies 1(3): present value and growth.
    Pastor & Veronesi (2009), American Economic Review 99(4): prices while a technology is
    learnt. Chen, Chen, Huang, Li & Zhang (2026), arXiv 2604.25826, abstract: a hump-shaped
    shock and the test for explosive growth. The design is ours.

    Examples
    --------
    >>> made = draw_technology(120, rng=np.random.default_rng(0), gain=0.0)
    >>> bool(np.ptp(made.log_value) < 1e-9)
    True
    >>> round(float(np.exp(made.log_value[0])) * 0.0216 / 12, 3)
    1.0
    """
    _least("n", n, 10)
    if investors not in get_args(Investors):
        raise InputError(f"investors={investors!r}: expected one of {get_args(Investors)}")
    for name, value in (
        ("years", years), ("periods", periods), ("dividend_sd", dividend_sd),
        ("dividend_yield", dividend_yield), ("noise", noise),
    ):  # fmt: skip
        if not value > 0:
            raise InputError(f"{name}={value}: expected more than 0")
    if not (0 < root <= 1 and -1 < momentum < 1 and 0 < prior < 1):
        raise InputError(
            f"root={root}, momentum={momentum}, prior={prior}: expected (0, 1], (-1, 1), (0, 1)"
        )
    if information < 0 or proxy_noise < 0 or bubble < 0:
        raise InputError(
            f"information={information}, proxy_noise={proxy_noise}, bubble={bubble}: expected "
            "0 or more"
        )
    if bubble and (root != 1 or momentum):
        raise InputError(f"bubble={bubble}: expected root=1 and momentum=0")
    adopted, part, high = _spread_path(n, gain, years, centre, periods, dividend_yield)
    yearly = math.sqrt(periods)
    shocks, signal = rng.standard_normal(n), rng.standard_normal(n)
    moved = _noise(n, rng, noise / yearly, root, momentum, bubble)
    errors = proxy_noise * rng.standard_normal((n, 2))

    # A first shock is no news: the sample begins with the level that it leads to.
    steps = growth / periods + part + dividend_sd / yearly * shocks
    log_dividend = np.cumsum(steps)
    low = math.log(periods / dividend_yield)
    if gain == 0:
        belief, log_value = np.full(n, prior), np.full(n, low)
    elif investors == "known":
        belief, log_value = np.ones(n), high
    else:
        belief = _belief(part, shocks, signal, dividend_sd / yearly, prior, information)
        log_value = low + np.log1p(belief * np.expm1(high - low))
    hump = np.gradient(adopted)
    proxies = np.column_stack([adopted, hump / hump.max()]) + errors
    return Technology(
        log_dividend, log_value, belief, log_dividend + log_value + moved, proxies
    )


@lru_cache(maxsize=8)
def _spread_path(
    n: int, gain: float, years: float, centre: float, periods: int, dividend_yield: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """S-curve, the technology's part of growth, and log value over dividend."""
    if not 0 <= centre <= 1:
        raise InputError(f"centre={centre}: expected 0..1")
    scale = years * periods / SPREAD
    later = max(math.ceil(centre * n + 40 * scale) - n, 0) + 1
    curve = 1 / (1 + np.exp(-(np.arange(-1, n + later) - centre * n) / scale))
    part = gain * np.diff(curve)
    rho = 1 / (1 + dividend_yield / periods)
    value = np.empty(n + later)
    value[-1] = periods / dividend_yield
    for t in range(n + later - 2, -1, -1):
        value[t] = rho * math.exp(part[t + 1]) * (1 + value[t + 1])
    found = curve[1 : n + 1], part[:n], np.log(value[:n])
    for array in found:
        array.flags.writeable = False
    return found


def _belief(
    part: NDArray[np.float64],
    shocks: NDArray[np.float64],
    signal: NDArray[np.float64],
    sd: float,
    prior: float,
    information: float,
) -> NDArray[np.float64]:
    """Probability of the technology after each period, where it is the truth."""
    seen = part / sd
    told = part * math.sqrt(2 * information / float(part @ part))
    odds = seen * shocks + seen**2 / 2 + told * signal + told**2 / 2
    return 1 / (1 + (1 - prior) / prior * np.exp(-np.cumsum(odds)))


def _noise(
    n: int,
    rng: np.random.Generator,
    sd: float,
    root: float,
    momentum: float,
    bubble: float,
) -> NDArray[np.float64]:
    if bubble:
        # The design of Phillips, Shi & Yu in another unit.
        return sd / 6.79 * (psy_bubbles(n, rng=rng, c=bubble) - 100)
    steps = sd * rng.standard_normal(n)
    if momentum:
        fresh = math.sqrt(1 - momentum**2)
        for t in range(1, n):
            steps[t] = momentum * steps[t - 1] + fresh * steps[t]
    if root == 1:
        return np.cumsum(steps)
    out = np.empty(n)
    level = 0.0
    for t in range(n):
        level = out[t] = root * level + steps[t]
    return out


def technology(
    n: int,
    *,
    rng: np.random.Generator,
    series: TechnologySeries = "log_ratio",
    **settings: float | str,
) -> NDArray[np.float64]:
    """Draw one series of `draw_technology`; no bubble by default.

    Parameters
    ----------
    n : int
        Observations, >= 10.
    rng : numpy.random.Generator
    series : {"log_price", "log_ratio", "ratio", "residual"}
        Log price; log of price over the dividends of a year; that ratio itself; or what a
        projection of its log on both proxies leaves.
    **settings
        As `draw_technology`.

    Returns
    -------
    numpy.ndarray
        Shape (n,).

    Raises
    ------
    InputError
        If a setting is out of its range.

    References
    ----------
    As `draw_technology`.

    Examples
    --------
    >>> log, ratio = (
    ...     technology(60, rng=np.random.default_rng(0), series=name)
    ...     for name in ("log_ratio", "ratio")
    ... )
    >>> bool(np.allclose(np.log(ratio), log))
    True
    """
    if series not in get_args(TechnologySeries):
        raise InputError(f"series={series!r}: expected one of {get_args(TechnologySeries)}")
    made = draw_technology(n, rng=rng, **settings)
    if series == "log_price":
        return made.log_price
    ratio = made.log_price - made.log_dividend - math.log(settings.get("periods", 12))
    if series == "residual":
        return project(ratio, made.proxies)
    return np.exp(ratio) if series == "ratio" else ratio


def technology_share(
    n: int,
    *,
    rng: np.random.Generator,
    series: ShareSeries = "percent",
    gain: float = 0.32,
    years: float = 6.0,
    centre: float = 0.5,
    periods: int = 4,
    initial: float = 3.345,
    noise: float = 0.0414,
    momentum: float = 0.0,
) -> NDArray[np.float64]:
    """Draw a share of income that a technology raises along an S-curve; no bubble.

    Parameters
    ----------
    n : int
        Observations, >= 10.
    rng : numpy.random.Generator
    series : {"percent", "log"}
        The share itself, or its log.
    gain, years, centre, periods
        As `draw_technology`; the gain is of the log of the share.
    initial : float
        First level, percent, > 0.
    noise, momentum : float
        Standard deviation over a year of the steps of the log, > 0, and their autocorrelation.

    Returns
    -------
    numpy.ndarray
        Shape (n,), percent or its log.

    Raises
    ------
    InputError
        If a setting is out of its range.

    References
    ----------
    As `draw_technology`; level and noise as the US share of information processing, 1995Q2 to
    2026Q2 (table ``us_it_investment``).

    Examples
    --------
    >>> made = technology_share(120, rng=np.random.default_rng(0), noise=1e-9)
    >>> round(float(np.log(made[-1] / made[0])), 2)
    0.32
    """
    _least("n", n, 10)
    if series not in get_args(ShareSeries):
        raise InputError(f"series={series!r}: expected one of {get_args(ShareSeries)}")
    for name, value in (("years", years), ("periods", periods), ("initial", initial),
                        ("noise", noise)):  # fmt: skip
        if not value > 0:
            raise InputError(f"{name}={value}: expected more than 0")
    if not -1 < momentum < 1:
        raise InputError(f"momentum={momentum}: expected more than -1 and less than 1")
    adopted, _, _ = _spread_path(n, 1.0, years, centre, periods, 1.0)
    walk = _noise(n, rng, noise / math.sqrt(periods), 1.0, momentum, 0.0)
    log = math.log(initial) + gain * adopted + walk
    return np.exp(log) if series == "percent" else log


def project(y: NDArray[np.float64], proxies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take out of a series what a constant and proxies explain: least squares, whole sample.

    Parameters
    ----------
    y : numpy.ndarray
        Shape (n,), any unit.
    proxies : numpy.ndarray
        Shape (n, k), with k + 2 <= n.

    Returns
    -------
    numpy.ndarray
        Shape (n,), the residual.

    Raises
    ------
    InputError
        If shapes do not fit or the proxies have no full rank beside a constant.

    References
    ----------
    Chen, Chen, Huang, Li & Zhang (2026), arXiv 2604.25826, abstract: prices are projected on
    proxies of a technology and the residual is tested. Which proxies and how is ours.

    Examples
    --------
    >>> trend = np.arange(6.0)
    >>> bool(np.abs(project(2 + 3 * trend, trend[:, None])).max() < 1e-9)
    True
    """
    y, proxies = np.asarray(y, float), np.asarray(proxies, float)
    if proxies.ndim != 2 or y.shape != (len(proxies),) or proxies.shape[1] + 2 > len(y):
        raise InputError(
            f"series {y.shape}, proxies {proxies.shape}: expected (n,) and (n, k) with "
            "k + 2 <= n"
        )
    table = np.column_stack([np.ones(len(y)), proxies])
    fit, _, rank, _ = np.linalg.lstsq(table, y, rcond=None)
    if rank < table.shape[1]:
        raise InputError(f"proxies: rank {rank} with a constant; expected {table.shape[1]}")
    return y - table @ fit


def _least(name: str, value: int, least: int) -> None:
    if value < least:
        raise InputError(f"{name}={value}: expected {least} or more")


PROCESSES: MappingProxyType[str, Callable[..., NDArray[np.float64]]] = MappingProxyType(
    {
        "random walk": random_walk,
        "walk with drift": partial(random_walk, drift=0.1),
        "variance break": variance_break,
        "PSY one bubble": psy_bubbles,
        "PSY two bubbles": partial(psy_bubbles, spells=((0.2, 0.2), (0.6, 0.1))),
        "Evans": evans,
        "Blanchard": blanchard,
        "technology": technology,
        "technology share": technology_share,
    }
)
"""Processes by name."""
NULLS = ("random walk", "walk with drift", "variance break", "technology", "technology share")
"""Those without a bubble as they are set by default."""
