"""Variants of a part beside each other: as views, as points in a chart and as rows of a table.

Nothing here is imported before variants are looked at.
"""
