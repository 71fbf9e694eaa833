"""Parts in three dimensions: a view to turn them in, and the pane that shows one with its numbers.

Nothing here is imported before a part or a study is looked at: it needs numpy, which takes a while.
"""
