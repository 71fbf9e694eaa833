"""Studies on grids: where material may be, what pulls, what is wrong, what it costs."""
