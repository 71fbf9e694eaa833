"""Studio: a creative studio that runs entirely on the user's own machine."""

import os

# Pydantic would look through every installed package for plugins of its own and run them in our processes.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

__version__ = "0.1.0"
