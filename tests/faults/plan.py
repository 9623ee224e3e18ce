"""All faults there are, from every file of them."""

from tests.faults import database_faults, page_faults, redis_faults, worker_faults
from tests.faults.fault import FAULTS

ROOMS = (redis_faults, worker_faults, database_faults, page_faults)  # they fill FAULTS

__all__ = ["FAULTS", "ROOMS"]
