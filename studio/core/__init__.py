"""Values only: params, generators, recipes, items. No file, thread, process or window lives here."""
