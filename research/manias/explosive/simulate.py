"""Series whose truth is known: with and without bubbles, as the literature simulates them."""

import math
from collections.abc import Callable
from functools import partial
from types import MappingProxyType

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
    }
)
"""Processes by name; the first three have no bubble."""
NULLS = ("random walk", "walk with drift", "variance break")
