"""From a model's numbers to words: sampling, grammars, several drafts at once."""
