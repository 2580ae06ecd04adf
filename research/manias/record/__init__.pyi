from .claims import (
    check_claims as check_claims,
)
from .companies import (
    burden_table as burden_table,
)
from .companies import (
    capex_table as capex_table,
)
from .covariates import (
    coder_agreement as coder_agreement,
)
from .covariates import (
    settled_covariates as settled_covariates,
)
from .financing import (
    compare_financing as compare_financing,
)
from .financing import (
    financing_table as financing_table,
)
from .innovations import (
    Innovation as Innovation,
)
from .innovations import (
    count_verdicts as count_verdicts,
)
from .innovations import (
    list_innovations as list_innovations,
)
from .labels import (
    computed_verdicts as computed_verdicts,
)
from .labels import (
    label_innovations as label_innovations,
)
