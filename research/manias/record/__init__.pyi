from .claims import (
    check_claims as check_claims,
)
from .companies import (
    burden_table as burden_table,
    capex_table as capex_table,
)
from .covariates import (
    coder_agreement as coder_agreement,
    settled_covariates as settled_covariates,
)
from .debts import (
    compare_debts as compare_debts,
)
from .financing import (
    compare_financing as compare_financing,
    financing_table as financing_table,
)
from .innovations import (
    Innovation as Innovation,
    count_verdicts as count_verdicts,
    list_innovations as list_innovations,
)
from .labels import (
    computed_verdicts as computed_verdicts,
    label_innovations as label_innovations,
)
from .money import (
    panic_money as panic_money,
)
