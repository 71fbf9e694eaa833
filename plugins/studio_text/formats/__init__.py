"""Texts as files for other people: Markdown, plain text, a web page, Word, PDF."""
