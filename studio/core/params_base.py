"""The base class of every generator's params. Only workers and tests import this: it needs pydantic."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Params(BaseModel):
    """Base class of every generator's params: frozen, no unknown field, no NaN and no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
