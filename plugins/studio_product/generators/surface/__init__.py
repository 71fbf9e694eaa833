"""From a field of densities to the surface of a part."""
