"""What gallery, recipe and compare share about items: names, thumbnails, facts, hand-over."""
