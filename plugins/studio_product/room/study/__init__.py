"""Setting up a study: what a part must do, seen and edited.

Nothing here is imported before a study is looked at, but for `editor`, which the form needs.
"""
