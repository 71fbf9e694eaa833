"""Pictures of parts, drawn without a graphics card."""
