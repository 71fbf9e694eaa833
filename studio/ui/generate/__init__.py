"""The form, and what comes of it: fields, presets, prompts, inputs, matrix, cost."""
