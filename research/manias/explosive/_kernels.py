"""Compiled loops over all windows; imported only when a test is computed.

Notation. Row r regresses ``d_r = y_t - y_{t-1}`` on a constant, ``x_r = y_{t-1}`` and p lagged
differences (t = r + p + 1). A window is the rows a..e. Windows are taken in blocks of at most
``m`` neighbouring starts, ``m`` being the shortest window, so that every window of a block
holds the block's last start P. All variables are measured from their values in row P, and a
moment of a window is the sum over a..P-1 plus the sum over P..e: only additions of like terms,
never a difference of two long sums. As row P lies in the window, the sum of squares about P is
at most n + 1 times the sum of squares about the mean, so centring loses at most log10(n + 1)
digits, whatever the level, the trend or the past of the series. Where regressors are close to
collinear or the fit is close to perfect, the window is computed again in double-double
arithmetic (about 31 digits).

Methods: Phillips, Wu & Yu (2011), International Economic Review 52; Phillips, Shi & Yu (2015),
International Economic Review 56. Error-free sums and products: Dekker (1971), Numerische
Mathematik 18; Knuth, The Art of Computer Programming 2, 4.2.2.
"""

import math

import numpy as np

from manias.data.compiled import njit

CHUNK = 1024  # window ends per pass: the vectors of a pass stay near the processor
BLOCK = 128  # starts per anchor at most
CLOSE = (1e-4, 1e-3)  # share of a pivot that may cancel in double precision: lag 0, lags >= 1
LONG = 2000  # from so many rows on that share grows with them, as rounding does
TINY = 1e-280  # products below it have lost digits to the end of the range of numbers
ULP = 2.0**-52
GRAIN = 4.0  # variation below so many units in the last place of the level is rounding
PERFECT = 1e-26  # an unexplained share below this is a perfect fit, or a collinear regressor


@njit(cache=True)
def _two_sum(a, b):
    s = a + b
    bb = s - a
    return s, (a - (s - bb)) + (b - bb)


@njit(cache=True)
def _two_prod(a, b):
    p = a * b
    c = 134217729.0 * a
    ah = c - (c - a)
    al = a - ah
    c = 134217729.0 * b
    bh = c - (c - b)
    bl = b - bh
    return p, ((ah * bh - p) + ah * bl + al * bh) + al * bl


@njit(cache=True)
def _add(ah, al, bh, bl):
    s, e = _two_sum(ah, bh)
    t, f = _two_sum(al, bl)
    e += t
    h = s + e
    e = e - (h - s)
    e += f
    r = h + e
    return r, e - (r - h)


@njit(cache=True)
def _mul(ah, al, bh, bl):
    p, e = _two_prod(ah, bh)
    e += ah * bl + al * bh
    r = p + e
    return r, e - (r - p)


@njit(cache=True)
def _div(ah, al, bh, bl):
    q1 = ah / bh
    ph, pl = _mul(bh, bl, q1, 0.0)
    rh, rl = _add(ah, al, -ph, -pl)
    q2 = rh / bh
    ph, pl = _mul(bh, bl, q2, 0.0)
    rh, rl = _add(rh, rl, -ph, -pl)
    q3 = rh / bh
    s = q1 + q2
    e = q2 - (s - q1)
    return _add(s, e, q3, 0.0)


@njit(cache=True, error_model="numpy", nogil=True)
def _exact_sums(y, p, A, P, hi, lo):
    """Double-double moments of a block: column e >= P sums rows P..e, column a < P rows a..P-1.

    ``hi`` and ``lo`` have shape (moments, rows); the k variables come first, then their
    products by rows of the upper triangle.
    """
    rows = len(y) - 1 - p
    k = p + 2
    vh = np.empty(k)
    vl = np.empty(k)
    n_moments = hi.shape[0]
    sh = np.zeros(n_moments)
    sl = np.zeros(n_moments)
    for side in range(2):
        sh[:] = 0.0
        sl[:] = 0.0
        steps = rows - P if side == 0 else P - A
        for step in range(steps):
            r = P + step if side == 0 else P - 1 - step
            vh[0], vl[0] = _two_sum(y[r + p], -y[P + p])
            for j in range(p + 1):
                ah, al = _two_sum(y[r + p + 1 - j], -y[r + p - j])
                bh, bl = _two_sum(y[P + p + 1 - j], -y[P + p - j])
                i = k - 1 if j == 0 else j
                vh[i], vl[i] = _add(ah, al, -bh, -bl)
            at = k
            for i in range(k):
                sh[i], sl[i] = _add(sh[i], sl[i], vh[i], vl[i])
                for j in range(i, k):
                    qh, ql = _mul(vh[i], vl[i], vh[j], vl[j])
                    sh[at], sl[at] = _add(sh[at], sl[at], qh, ql)
                    at += 1
            hi[:, r] = sh
            lo[:, r] = sl


@njit(cache=True, error_model="numpy", nogil=True)
def _exact_window(y, p, a, e, P, hi, lo):
    """Signed square of the t-ratio of one window in double-double; NaN where it is singular."""
    k = p + 2
    n = float(e - a + 1)
    mh = np.zeros((k, k))
    ml = np.zeros((k, k))
    uh = np.empty(k)
    ul = np.empty(k)
    for i in range(k):
        uh[i], ul[i] = hi[i, e], lo[i, e]
        if a < P:
            uh[i], ul[i] = _add(uh[i], ul[i], hi[i, a], lo[i, a])
    at = k
    # Order of elimination: lags 1..p, then x, then d.
    for i in range(k):
        for j in range(i, k):
            ch, cl = hi[at, e], lo[at, e]
            if a < P:
                ch, cl = _add(ch, cl, hi[at, a], lo[at, a])
            if i == 0 and j == 0:
                scale = abs(y[P + p]) + math.sqrt(max(ch, 0.0) / n)
            qh, ql = _mul(uh[i], ul[i], uh[j], ul[j])
            qh, ql = _div(qh, ql, n, 0.0)
            ch, cl = _add(ch, cl, -qh, -ql)
            ii = p if i == 0 else i - 1 if i < k - 1 else i
            jj = p if j == 0 else j - 1 if j < k - 1 else j
            mh[ii, jj], ml[ii, jj] = ch, cl
            mh[jj, ii], ml[jj, ii] = ch, cl
            at += 1
    least = n * (GRAIN * ULP * scale) ** 2
    total = np.empty(k)
    for c in range(k):
        total[c] = mh[c, c]
    for c in range(k - 1):
        if not (mh[c, c] > least and mh[c, c] > PERFECT * total[c]):
            return np.nan
        if c == k - 2:
            break
        for i in range(c + 1, k):
            fh, fl = _div(mh[i, c], ml[i, c], mh[c, c], ml[c, c])
            for j in range(i, k):
                qh, ql = _mul(fh, fl, mh[c, j], ml[c, j])
                mh[i, j], ml[i, j] = _add(mh[i, j], ml[i, j], -qh, -ql)
                mh[j, i], ml[j, i] = mh[i, j], ml[i, j]
    c = k - 2
    zh, zl = mh[c, k - 1], ml[c, k - 1]
    if not mh[c, c] * total[k - 1] > TINY:
        return np.nan
    qh, ql = _mul(zh, zl, zh, zl)
    qh, ql = _div(qh, ql, mh[c, c], ml[c, c])
    rh, rl = _add(mh[k - 1, k - 1], ml[k - 1, k - 1], -qh, -ql)
    if not (rh > least and rh > PERFECT * total[k - 1]):
        return np.nan
    vh, _ = _div(qh, ql, rh, rl)
    value = vh * (n - k)
    return value if zh > 0 else -value


FAST = {"cache": True, "error_model": "numpy", "nogil": True, "fastmath": {"contract"}}


@njit(**FAST)
def _pass_lag0(left, right, e, f, inv, free, best, tol, noise):
    """One start, many ends, no lags; returns how many windows must be computed exactly."""
    lx, ld, lxx, lxd, ldd = left[0], left[1], left[2], left[3], left[4]
    rx, rd, rxx = right[0, e:f], right[1, e:f], right[2, e:f]
    rxd, rdd = right[3, e:f], right[4, e:f]
    bad = 0
    for j in range(len(best)):
        sx = lx + rx[j]
        sd = ld + rd[j]
        mx = sx * inv[j]
        xx = (lxx + rxx[j]) - mx * sx
        xd = (lxd + rxd[j]) - mx * sd
        dd = (ldd + rdd[j]) - (sd * inv[j]) * sd
        q = xx * dd
        den = q - xd * xd
        ok = (den > tol * q + TINY) & (dd * inv[j] > noise[j])
        v = xd * abs(xd) * free[j] / den
        v = v if ok else -np.inf
        best[j] = (v if v > best[j] else best[j]) + 0.0
        bad += 0 if ok else 1
    return bad


@njit(**FAST)
def _pass_lag1(left, right, e, f, inv, free, best, tol, noise):
    """As `_pass_lag0` with one lagged difference w, partialled out by Frisch-Waugh-Lovell."""
    lx, lw, ld, lxx, lxw = left[0], left[1], left[2], left[3], left[4]
    lxd, lww, lwd, ldd = left[5], left[6], left[7], left[8]
    rx, rw, rd = right[0, e:f], right[1, e:f], right[2, e:f]
    rxx, rxw, rxd = right[3, e:f], right[4, e:f], right[5, e:f]
    rww, rwd, rdd = right[6, e:f], right[7, e:f], right[8, e:f]
    bad = 0
    for j in range(len(best)):
        sx = lx + rx[j]
        sw = lw + rw[j]
        sd = ld + rd[j]
        mx = sx * inv[j]
        mw = sw * inv[j]
        xx = (lxx + rxx[j]) - mx * sx
        xw = (lxw + rxw[j]) - mx * sw
        xd = (lxd + rxd[j]) - mx * sd
        ww = (lww + rww[j]) - mw * sw
        wd = (lwd + rwd[j]) - mw * sd
        dd = (ldd + rdd[j]) - (sd * inv[j]) * sd
        fx = xx * ww
        fd = dd * ww
        px = fx - xw * xw
        pd = fd - wd * wd
        pz = xd * ww - xw * wd
        q = px * pd
        den = q - pz * pz
        ok = (den > tol * q + TINY) & (px > tol * fx) & (pd > tol * fd)
        ok &= dd * inv[j] > noise[j]
        v = pz * abs(pz) * free[j] / den
        v = v if ok else -np.inf
        best[j] = (v if v > best[j] else best[j]) + 0.0
        bad += 0 if ok else 1
    return bad


@njit(**FAST)
def _pass_lags(left, right, e, f, inv, free, best, tol, noise, k, work, fine):
    """As `_pass_lag0` with any number of lags: elimination runs over all ends at once."""
    ends = len(best)
    for j in range(ends):
        fine[j] = 1
    at = k
    for i in range(k):
        for h in range(i, k):
            ii = k - 2 if i == 0 else i - 1 if i < k - 1 else i
            hh = k - 2 if h == 0 else h - 1 if h < k - 1 else h
            row = work[min(ii, hh), max(ii, hh)]
            lq, li, lh = left[at], left[i], left[h]
            rq, ri, rh = right[at, e:f], right[i, e:f], right[h, e:f]
            for j in range(ends):
                row[j] = (lq + rq[j]) - ((li + ri[j]) * inv[j]) * (lh + rh[j])
            at += 1
    for i in range(k):
        diagonal, kept = work[i, i], work[k, i]
        for j in range(ends):
            kept[j] = diagonal[j]
    for c in range(k - 2):
        pivot, kept = work[c, c], work[k, c]
        for j in range(ends):
            fine[j] &= 1 if pivot[j] > tol * kept[j] else 0
        for i in range(c + 1, k):
            first = work[c, i]
            factor = work[k + 1, 0]
            for j in range(ends):
                factor[j] = first[j] / pivot[j]
            for h in range(i, k):
                row, other = work[i, h], work[c, h]
                for j in range(ends):
                    row[j] -= factor[j] * other[j]
    xx, xd, dd = work[k - 2, k - 2], work[k - 2, k - 1], work[k - 1, k - 1]
    kx, kd = work[k, k - 2], work[k, k - 1]
    bad = 0
    for j in range(ends):
        q = xx[j] * dd[j]
        den = q - xd[j] * xd[j]
        ok = (
            (den > tol * q + TINY)
            & (xx[j] > tol * kx[j])
            & (dd[j] > tol * kd[j])
            & (kd[j] * inv[j] > noise[j])
            & (fine[j] == 1)
        )
        v = xd[j] * abs(xd[j]) * free[j] / den
        v = v if ok else -np.inf
        best[j] = (v if v > best[j] else best[j]) + 0.0
        fine[j] = 1 if ok else 0
        bad += 0 if ok else 1
    return bad


@njit(**FAST)
def _block_lag0(left, right, A, first, P, m, lower, upper, inv, free, best, tol, noise):
    """`_pass_lag0` for the starts first..P of a block and the ends lower..upper - 1."""
    bad = 0
    for a in range(first, P + 1):
        e = max(a + m - 1, lower)
        if e >= upper:
            break
        i, f, b = inv[e - a + 1 :], free[e - a + 1 :], best[e:upper]
        bad += _pass_lag0(left[a - A], right, e, upper, i, f, b, tol, noise[e:upper])
    return bad


@njit(**FAST)
def _block_lag1(left, right, A, first, P, m, lower, upper, inv, free, best, tol, noise):
    """As `_block_lag0`, one lag."""
    bad = 0
    for a in range(first, P + 1):
        e = max(a + m - 1, lower)
        if e >= upper:
            break
        i, f, b = inv[e - a + 1 :], free[e - a + 1 :], best[e:upper]
        bad += _pass_lag1(left[a - A], right, e, upper, i, f, b, tol, noise[e:upper])
    return bad


@njit(**FAST)
def _sums(y, p, A, P, left, right):
    """Moments of a block in double precision: ``right`` by end, ``left`` by start less A."""
    rows = len(y) - 1 - p
    k = p + 2
    y0 = y[P + p]
    moments = left.shape[1]
    if p == 0:
        d0 = y[P + 1] - y0
        sx = sd = sxx = sxd = sdd = 0.0
        for r in range(P, rows):
            x = y[r] - y0
            d = (y[r + 1] - y[r]) - d0
            sx += x
            sd += d
            sxx += x * x
            sxd += x * d
            sdd += d * d
            right[0, r] = sx
            right[1, r] = sd
            right[2, r] = sxx
            right[3, r] = sxd
            right[4, r] = sdd
        sx = sd = sxx = sxd = sdd = 0.0
        for r in range(P, A - 1, -1):
            if r < P:
                x = y[r] - y0
                d = (y[r + 1] - y[r]) - d0
                sx += x
                sd += d
                sxx += x * x
                sxd += x * d
                sdd += d * d
            left[r - A, 0] = sx
            left[r - A, 1] = sd
            left[r - A, 2] = sxx
            left[r - A, 3] = sxd
            left[r - A, 4] = sdd
        return
    v = np.empty((k, rows - A))
    for r in range(A, rows):
        v[0, r - A] = y[r + p] - y0
    for j in range(p + 1):
        i = k - 1 if j == 0 else j
        d0 = y[P + p + 1 - j] - y[P + p - j]
        for r in range(A, rows):
            v[i, r - A] = (y[r + p + 1 - j] - y[r + p - j]) - d0
    for i in range(moments):
        left[P - A, i] = 0.0
    at = k
    for i in range(k):
        one = v[i]
        s = 0.0
        for r in range(P, rows):
            s += one[r - A]
            right[i, r] = s
        s = 0.0
        for r in range(P - 1, A - 1, -1):
            s += one[r - A]
            left[r - A, i] = s
        for h in range(i, k):
            two = v[h]
            s = 0.0
            for r in range(P, rows):
                s += one[r - A] * two[r - A]
                right[at, r] = s
            s = 0.0
            for r in range(P - 1, A - 1, -1):
                s += one[r - A] * two[r - A]
                left[r - A, at] = s
            at += 1


@njit(cache=True, error_model="numpy", nogil=True)
def _noise(y, p, A, noise):
    """Mean square, by window end, below which differences since row A may be rounding alone.

    Three times the largest level, so that no window which `_exact_window` calls singular is
    taken for sound.
    """
    top = 0.0
    for t in range(A, A + p + 1):
        top = max(top, abs(y[t]))
    for r in range(A, len(noise)):
        top = max(top, abs(y[r + p + 1]))
        noise[r] = (3.0 * GRAIN * ULP * top) ** 2


@njit(cache=True, error_model="numpy", nogil=True)
def paths(y, p, m, badf, best, hole):
    """BADF and BSADF at every window end.

    Parameters
    ----------
    y : float64 (T,)
        Finite values, the largest about 1: see `recursive._checked`.
    p, m : int
        Lagged differences; regression rows of the shortest window, >= p + 3.
    badf, best : float64 (rows,), rows = T - 1 - p
        Filled: the t-ratio of the window from the first row, and the supremum over starts.
        Entries before row m - 1 are NaN.
    hole : int64 (4,)
        Filled: singular windows, windows computed in double-double, and first row and last
        row of the first singular window (-1 where there is none).
    """
    rows = len(y) - 1 - p
    k = p + 2
    moments = k + k * (k + 1) // 2
    tol = (CLOSE[0] if p == 0 else CLOSE[1]) * max(1.0, rows / LONG)
    wide = 1.01 * tol
    starts = rows - m + 1
    block = min(m, BLOCK)
    inv = np.empty(rows + 1)
    free = np.empty(rows + 1)
    for n in range(rows + 1):
        inv[n] = 1.0 / n if n else 0.0
        free[n] = n - k
    left = np.empty((block, moments))
    right = np.empty((moments, rows))
    work = np.empty((k + 2, k, CHUNK)) if p > 1 else np.empty((1, 1, 1))
    fine = np.empty(CHUNK, np.int64)
    scratch = np.empty(CHUNK)
    noise = np.empty(rows)
    broken = np.zeros(rows, np.uint8)
    hi = np.empty((1, 1))
    lo = np.empty((1, 1))
    best[:] = -np.inf
    best[: m - 1] = np.nan
    badf[:] = np.nan
    hole[:] = 0
    hole[2:] = -1
    for A in range(0, starts, block):
        P = min(A + block, starts) - 1
        _sums(y, p, A, P, left, right)
        _noise(y, p, A, noise)
        is_exact = False
        for lower in range(A + m - 1, rows, CHUNK):
            upper = min(lower + CHUNK, rows)
            for a in range(A, P + 1):
                if p < 2 and a == max(A, 1):
                    # Nearly always no window of the block needs more, and it is done at once.
                    # The first start goes alone, for BADF keeps its values.
                    if p == 0:
                        bad = _block_lag0(
                            left, right, A, a, P, m, lower, upper, inv, free, best, tol, noise
                        )
                    else:
                        bad = _block_lag1(
                            left, right, A, a, P, m, lower, upper, inv, free, best, tol, noise
                        )
                    if bad == 0:
                        break
                e0 = max(a + m - 1, lower)
                if e0 >= upper:
                    break
                edge = left[a - A]
                i, f = inv[e0 - a + 1 :], free[e0 - a + 1 :]
                b, z = best[e0:upper], noise[e0:upper]
                if p == 0:
                    bad = _pass_lag0(edge, right, e0, upper, i, f, b, tol, z)
                elif p == 1:
                    bad = _pass_lag1(edge, right, e0, upper, i, f, b, tol, z)
                else:
                    bad = _pass_lags(edge, right, e0, upper, i, f, b, tol, z, k, work, fine)
                if a == 0:
                    badf[e0:upper] = b
                if bad == 0:
                    continue
                if not is_exact:
                    if hi.shape[0] == 1:
                        hi = np.empty((moments, rows))
                        lo = np.empty((moments, rows))
                    _exact_sums(y, p, A, P, hi, lo)
                    is_exact = True
                for e in range(e0, upper):
                    # The same pass over one end tells whether it was this one; the looser bound
                    # covers what another order of rounding may have changed.
                    scratch[0] = -np.inf
                    i, f, z = inv[e - a + 1 :], free[e - a + 1 :], noise[e : e + 1]
                    if p == 0:
                        again = _pass_lag0(edge, right, e, e + 1, i, f, scratch[:1], wide, z)
                    elif p == 1:
                        again = _pass_lag1(edge, right, e, e + 1, i, f, scratch[:1], wide, z)
                    else:
                        again = 1 - fine[e - e0]
                    if again == 0:
                        continue
                    hole[1] += 1
                    v = _exact_window(y, p, a, e, P, hi, lo)
                    if a == 0:
                        badf[e] = v
                    if np.isnan(v):
                        if hole[0] == 0:
                            hole[2], hole[3] = a, e
                        hole[0] += 1
                        broken[e] = 1
                    elif v > best[e]:
                        best[e] = v
    for e in range(m - 1, rows):
        badf[e] = math.copysign(math.sqrt(abs(badf[e])), badf[e])
        best[e] = math.copysign(math.sqrt(abs(best[e])), best[e])
        if broken[e]:
            best[e] = np.nan


@njit(cache=True, error_model="numpy", nogil=True)
def many_paths(steps, drift, ar, p, m, out):
    """BADF and BSADF of many series, given by what moves them.

    Parameters
    ----------
    steps : float64 (series, T)
        Shocks; replaced by the levels, which start at the first shock.
    drift : float64
        Added to every shock.
    ar : float64 (q,)
        Autoregression of the differences; shocks before the first are zero.
    p, m : int
        As in `paths`.
    out : float64 (series, 1 + 2 * ends), ends = T - p - m
        Filled: zero, then BADF, then BSADF, at every end from row m - 1 on.
    """
    rows = steps.shape[1] - 1 - p
    ends = rows - m + 1
    badf = np.empty(rows)
    best = np.empty(rows)
    hole = np.empty(4, np.int64)
    for i in range(len(steps)):
        y = steps[i]
        for t in range(len(y)):
            y[t] += drift
            for j in range(min(len(ar), t)):
                y[t] += ar[j] * y[t - 1 - j]
        for t in range(1, len(y)):
            y[t] += y[t - 1]
        paths(y, p, m, badf, best, hole)
        out[i, 0] = 0.0
        out[i, 1 : 1 + ends] = badf[m - 1 :]
        out[i, 1 + ends :] = best[m - 1 :]
