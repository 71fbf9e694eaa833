"""How the studio itself shows items, whatever media are installed."""
