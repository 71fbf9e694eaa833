"""Texts: drafts beside each other, and the document made of them."""
