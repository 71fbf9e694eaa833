"""Values of texts and what is computed on them, without Qt, torch or pydantic."""
