"""The plugin's commands of the command line."""
