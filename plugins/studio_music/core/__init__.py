"""Values and numerics of music: no Qt, no torch, no pydantic."""
