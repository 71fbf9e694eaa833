"""The room of product design in the window."""
