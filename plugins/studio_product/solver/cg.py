"""Conjugate gradients for several right sides at once, with a preconditioner that may change from step to step.

Notay, Flexible conjugate gradients, SIAM J. Sci. Comput. 22 (2000): the new direction is made orthogonal to the
last one explicitly, so the rounding of a preconditioner in float32 does no harm.
"""
