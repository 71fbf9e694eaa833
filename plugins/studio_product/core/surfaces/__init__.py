"""What closed surfaces are asked for: whether they are solid, fewer triangles, how far they are apart."""
