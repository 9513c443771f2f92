"""Which nodes hang together over a set of links."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from corridor.network import Ints, Mask, Network

__all__ = ["components", "joined"]


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
    found = joined(nodes.size, network.tail[use], network.head[use])
    labels = np.full(nodes.size, -1, dtype=np.intp)
    _, first, number = np.unique(found[nodes], return_index=True, return_inverse=True)
    labels[nodes] = np.argsort(np.argsort(first))[number]
    return labels


def joined(size: int, one: Ints, two: Ints) -> Ints:
    """Return the component of each of `size` things, shape (size,), where ``one[i]`` and ``two[i]`` are joined."""
    if size == 0:
        return np.zeros(0, dtype=np.intp)
    pairs = coo_array((np.ones(one.size), (one, two)), shape=(size, size))
    # A pair that is there twice does no harm here, and to look for such would take as long as all the rest.
    pairs.has_canonical_format = True
    _, found = connected_components(pairs.tocsr(), directed=False)
    return found.astype(np.intp)
