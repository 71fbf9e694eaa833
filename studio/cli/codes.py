"""Exit codes, as the command's help documents them."""

from __future__ import annotations

from studio.errors import (
    BadInput,
    FetchFailed,
    LicenceRefused,
    ModelRefused,
    PluginError,
    ProjectError,
    StudioError,
)
from studio.words import mark

OK, SOME_FAILED, BAD_INPUT, PROJECT, PLUGIN, DEFECT, INTERRUPTED = 0, 1, 2, 3, 4, 70, 130

EXPLAINED = mark(
    """\
exit codes:
  0    all went well
  1    some of the work failed, the rest is done; or a check found leftovers only
  2    the command, a file or a value cannot be used
  3    the project cannot be used, or a check found it damaged
  4    a plugin or a model cannot be used
  70   a defect of Studio, written to its log
  130  interrupted
"""
)


def code_of(error: StudioError) -> int:
    if isinstance(error, BadInput):
        return BAD_INPUT
    if isinstance(error, ProjectError):
        return PROJECT
    of_models = PluginError | ModelRefused | FetchFailed | LicenceRefused
    return PLUGIN if isinstance(error, of_models) else SOME_FAILED
