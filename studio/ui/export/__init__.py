"""Taking items and projects out."""
