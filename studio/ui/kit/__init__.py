"""What every panel is built from: theme, controls, dialogs, lists, tasks, commands."""
