from .company_facts import (
    read_company_facts as read_company_facts,
)
