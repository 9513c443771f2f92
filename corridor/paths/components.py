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
    """Return the component of each of `size` things, shape (size,), where ``one[i]`` and ``two[i]`` are joined.

    First each is hung below a neighbour that comes before it, if there is one, and all are led up to the top of what
    they hang on [1]_; the search then has a fifth of a road network left to walk through, in half the time.

    References
    ----------
    .. [1] Y. Shiloach, U. Vishkin, "An O(log n) parallel connectivity algorithm", Journal of Algorithms 3(1), 1982.
    """
    if size == 0:
        return np.zeros(0, dtype=np.intp)
    top = np.arange(size)
    top[np.maximum(one, two)] = np.minimum(one, two)
    while not np.array_equal(top, further := top[top]):
        top = further
    number = np.cumsum(top == np.arange(size)) - 1
    group: Ints = number[top]
    apart = np.flatnonzero(group[one] != group[two])
    pairs = coo_array((np.ones(apart.size), (group[one[apart]], group[two[apart]])), shape=(number[-1] + 1,) * 2)
    # A pair that is there twice does no harm here, and to look for such would take as long as all the rest.
    pairs.has_canonical_format = True
    _, found = connected_components(pairs.tocsr(), directed=False)
    label: Ints = found.astype(np.intp)[group]
    return label
