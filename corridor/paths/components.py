"""Which nodes hang together over a set of links."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from corridor.network import Ints, Mask, Network

__all__ = ["components"]


def components(network: Network, nodes: Mask, links: Mask) -> Ints:
    """Label the connected parts of `nodes` joined by `links`, whichever way a link runs.

    Parameters
    ----------
    network
        The network, n nodes and m links.
    nodes
        The nodes that take part, shape (n,).
    links
        The links that join them, shape (m,); one with an end outside `nodes` joins nothing.

    Returns
    -------
        The number of each node's component, shape (n,), counted from 0 in the order of their first nodes; -1 outside.
    """
    use = links & nodes[network.tail] & nodes[network.head]
    tail, head = network.tail[use], network.head[use]
    joined = csr_array((np.ones(tail.size, dtype=np.int8), (tail, head)), shape=(nodes.size, nodes.size))
    _, found = connected_components(joined, directed=False)
    labels = np.full(nodes.size, -1, dtype=np.intp)
    _, first, number = np.unique(found[nodes], return_index=True, return_inverse=True)
    labels[nodes] = np.argsort(np.argsort(first))[number]
    return labels
