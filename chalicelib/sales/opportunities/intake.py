"""How deals come in: opened by somebody, as part of a larger step, or from another system's history."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from ulid.base32 import encode_randomness

from chalicelib.core import clock, errors
from chalicelib.core.access import SYSTEM, Principal, require
from chalicelib.core.due import minute
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.core.step import Step, create
from chalicelib.customers.accounts import service as accounts
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities import journey, pipelines
from chalicelib.sales.opportunities.lines import priced, summed
from chalicelib.sales.opportunities.models import Opportunity, Pipeline
from chalicelib.sales.opportunities.stalling import due_of, stalled_at
