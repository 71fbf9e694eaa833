from __future__ import annotations

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from studio_product.core.view.body import connected


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, np.ndarray]:
    count = draw(st.integers(1, 60))
    nodes = st.integers(0, count - 1)
    links = draw(st.lists(st.tuples(nodes, nodes), max_size=90))
    return count, np.array(links, np.int64).reshape(-1, 2)


@given(graphs())
def test_pieces_are_those_that_scipy_finds(graph: tuple[int, np.ndarray]) -> None:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    count, links = graph
    matrix = coo_matrix((np.ones(len(links), bool), links.T), shape=(count, count))
    number, group = connected_components(matrix, directed=False)
    found, ours = connected(count, links[:, 0], links[:, 1])
    assert found == number
    assert ours.tolist() == group.tolist()


def test_a_body_is_made_without_scipy() -> None:
    script = """
import sys
import numpy as np
from studio_product.core.mesh import Mesh
from studio_product.core.view.body import body_of
corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1.0]])
body = body_of(Mesh(corners, np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]], np.int32)))
assert body.closed and len(body.vertices) == 12
print("scipy" in sys.modules)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "False", ended.stderr
