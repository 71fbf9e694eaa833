"""The kinds of items that are the studio's own: reading their files, and what thumbnails show of them."""
