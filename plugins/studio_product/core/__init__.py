"""Studies and parts: values, geometry, pictures and files. numpy, and no Qt, torch or pydantic."""
