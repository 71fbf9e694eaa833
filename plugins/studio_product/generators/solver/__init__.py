"""Linear elasticity on a grid of cells: matrix-free conjugate gradients with multigrid, in torch."""
