"""What people are told when there are fewer variants than they asked for."""

from __future__ import annotations

from collections import Counter

from studio.api import BadInput, tr, trn
from studio_product.generators.variants.select import Verdict


def nothing(verdicts: Counter[Verdict]) -> BadInput:
    """The error where no variant is left."""
    return BadInput(
        tr("No design does the job: {why}.", why=_why(verdicts)),
        tr("Allow more material, finer cells or a smaller least member, and check supports and keep-outs."),
    )


def too_few(made: int, wanted: int, verdicts: Counter[Verdict]) -> str:
    """A note: how many there are, why, and what to change."""
    hints = []
    if verdicts["weak"]:
        hints.append(tr("Raise the tolerance to get more."))
    if verdicts["alike"]:
        hints.append(tr("Lower “How different” to get more."))
    if verdicts["torn"]:
        hints.append(tr("Allow more material, or finer cells, to get more."))
    said = tr("{made} of {wanted} variants were found: {why}.", made=made, wanted=wanted, why=_why(verdicts))
    return " ".join([said, *hints])


def _why(verdicts: Counter[Verdict]) -> str:
    reasons = []
    if count := verdicts["torn"]:
        reasons.append(
            trn(
                "{count} design did not join all loads and supports in one piece",
                "{count} designs did not join all loads and supports in one piece",
                count,
            )
        )
    if count := verdicts["weak"]:
        reasons.append(
            trn(
                "{count} gave way by more than the tolerance",
                "{count} gave way by more than the tolerance",
                count,
            )
        )
    if count := verdicts["alike"]:
        reasons.append(trn("{count} was too like another", "{count} were too like another", count))
    return ", ".join(reasons) or tr("no other design was tried")
