"""Trains the model that ships with the plugin: data, training, export and evaluation. Nothing here runs in
the studio."""
