"""Golden numbers by statsmodels: python tests/reference/psy_golden.py > psy_golden.json."""

import json

import numpy as np
import statsmodels.api as sm


def ratio(y, lag):
    step = np.diff(y)
    rows = [
        [1.0, y[t], *(step[t - j] for j in range(1, lag + 1))] for t in range(lag, len(step))
    ]
    return float(sm.OLS(step[lag:], np.array(rows)).fit().tvalues[1])


def main():
    y = np.round(np.random.default_rng(20).standard_normal(48).cumsum() + 10, 6)
    out = {"y": y.tolist(), "rows": 14}
    for lag in (0, 1, 2):
        rows = len(y) - 1 - lag
        ends = range(13, rows)
        table = [[ratio(y[a : e + 2 + lag], lag) for a in range(e - 12)] for e in ends]
        out[str(lag)] = {"badf": [row[0] for row in table], "bsadf": [max(r) for r in table]}
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
