"""Which roads and which nodes alone hold a network together, and how many people each of them keeps joined."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import depth_first_order

from corridor.errors import NetworkError
from corridor.network import Floats, Ints, Mask, Network
from corridor.paths.components import joined

__all__ = ["articulations", "bridges", "isolated_by_links", "isolated_by_nodes"]


@dataclass(frozen=True, slots=True)
class _Forest:
    """Hold a depth-first tree of each component of some roads, k nodes in the order in which they are first visited.

    `node` is the position in the network, `component` a number, `parent` a place in this order (-1: a root), `end` one
    past the last node below (a root: below or in later trees), `road` the road from the parent (-1: a root). Every
    other road joins a node to one above it: `over` counts those that run from the node or below it to above it,
    `beyond` those of them that run to above its parent.
    """

    node: Ints
    component: Ints
    parent: Ints
    end: Ints
    road: Ints
    over: Ints
    beyond: Ints


def bridges(network: Network, links: Mask, *, group: Ints) -> Mask:
    """Return the roads whose loss alone takes a component of `links` apart, whichever way a link runs.

    A road is a bridge if nothing else leads past it: in a depth-first tree no other road joins what is below it to what
    is above it [1]_ [2]_. The work grows with the number of roads (and with the square of the roads at one node).

    Parameters
    ----------
    network
        The network, n nodes and m links.
    links
        The links that join their ends, shape (m,).
    group
        The road of each link, shape (m,), numbered from 0: both ways of one road have one number, parallel roads two.

    Returns
    -------
        Which of the g roads are bridges, shape (g,).

    Raises
    ------
    NetworkError
        If the links of one road do not join the same two nodes.

    References
    ----------
    .. [1] R. E. Tarjan, "A note on finding the bridges of a graph", Information Processing Letters 2(6), 1974.
    .. [2] J. Hopcroft, R. Tarjan, "Algorithm 447: efficient algorithms for graph manipulation", Communications of the
       ACM 16(6), 1973.
    """
    forest = _forest(network, links, group)
    found = np.zeros(_count(group), dtype=np.bool_)
    found[forest.road[_hanging(forest, forest.over)]] = True
    return found


def articulations(network: Network, links: Mask) -> Mask:
    """Return the nodes whose loss alone takes a component of `links` apart, shape (n,), whichever way a link runs.

    See `bridges`: a node is one if a part below it in a depth-first tree has no other way to above it.
    """
    forest = _forest(network, links, np.arange(network.link_count))
    parts = np.bincount(forest.parent[_hanging(forest, forest.beyond)], minlength=forest.node.size)
    found = np.zeros(network.node_count, dtype=np.bool_)
    # Below a root every part hangs on it alone, and nothing is above it.
    found[forest.node] = parts > (forest.parent < 0)
    return found


def isolated_by_links(network: Network, links: Mask, *, group: Ints, weight: Floats) -> Floats:
    """Return how many people the loss of each road alone isolates, shape (g,), for the parameters see `bridges`.

    They are those outside the most populous part of what its component falls into; 0 exactly where it is no bridge or
    where one of the two parts is uninhabited. `weight` is the people of each node, shape (n,), not negative.
    """
    forest = _forest(network, links, group)
    below = _hanging(forest, forest.over)
    settled = np.where(weight > 0, 1.0, 0.0)
    persons, lived = (_below(forest, each)[below] for each in (weight, settled))
    others, elsewhere = (_whole(forest, each)[below] for each in (weight, settled))
    lost = np.zeros(_count(group))
    # Sums may leave a hair of nobody: it takes a count to tell whether anyone lives there.
    lost[forest.road[below]] = np.where(elsewhere > lived, np.minimum(persons, others - persons), 0.0)
    return lost


def isolated_by_nodes(network: Network, links: Mask, *, weight: Floats) -> Floats:
    """Return how many people the loss of each node alone isolates from others, shape (n,).

    They are those outside the most populous part of what the rest of its component falls into; the people of the node
    itself count on no side. 0 exactly where the rest stays in one part or where one part alone is inhabited.
    For the parameters see `isolated_by_links`.
    """
    forest = _forest(network, links, np.arange(network.link_count))
    below = _hanging(forest, forest.beyond)
    parent, size = forest.parent[below], forest.node.size
    parts, largest = np.zeros(size, dtype=np.intp), np.zeros(size)
    settled = np.where(weight > 0, 1.0, 0.0)
    persons, lived = (_below(forest, each)[below] for each in (weight, settled))
    np.add.at(parts, parent, lived > 0)
    np.maximum.at(largest, parent, persons)
    others, elsewhere = (_whole(forest, each) - each[forest.node] for each in (weight, settled))
    above = others - np.bincount(parent, weights=persons, minlength=size)
    parts += elsewhere > np.bincount(parent, weights=lived, minlength=size)
    lost = np.zeros(network.node_count)
    lost[forest.node] = np.where(parts > 1, others - np.maximum(largest, above), 0.0)
    return lost


def _count(group: Ints) -> int:
    return int(group.max(initial=-1)) + 1


def _hanging(forest: _Forest, roads: Ints) -> Ints:
    """Return the nodes, roots apart, of which `roads` counts none."""
    return np.flatnonzero((forest.parent >= 0) & (roads == 0))


def _below(forest: _Forest, values: Floats) -> Floats:
    """Return the sum of `values` (n,) of the network over each node of the forest and all below it, shape (k,)."""
    running: Floats = np.concatenate([[0.0], np.cumsum(values[forest.node])])
    return running[forest.end] - running[:-1]


def _whole(forest: _Forest, values: Floats) -> Floats:
    """Return the sum of `values` (n,) of the network over the component of each node of the forest, shape (k,)."""
    total: Floats = np.bincount(forest.component, weights=values[forest.node]).astype(np.float64)
    return total[forest.component]


def _forest(network: Network, links: Mask, group: Ints) -> _Forest:
    link = np.flatnonzero(links & (network.tail != network.head))
    road, first, each = np.unique(group[link], return_index=True, return_inverse=True)
    ends = np.sort(np.column_stack([network.tail[link], network.head[link]]), axis=1)
    apart = np.flatnonzero((ends != ends[first][each]).any(axis=1))
    if apart.size:
        name = network.link_id[link[apart[0]]]
        raise NetworkError(f"the links of the road '{name}' join different places, expected the same two ends")
    node, ends = np.unique(ends[first], return_inverse=True)
    return _search(node, ends.reshape(-1, 2), road)


def _search(node: Ints, ends: Ints, road: Ints) -> _Forest:
    """Return the forest of roads between `ends` (g, 2), which are places in `node` (k,)."""
    component, order, parent = _visit(node.size, ends)
    visited = np.empty_like(order)
    visited[order] = np.arange(order.size)
    upper, lower = np.sort(visited[ends], axis=1).T
    # Of parallel roads one is the tree's, the others lead past it.
    candidates = np.flatnonzero(parent[lower] == upper)
    entered, first = np.unique(lower[candidates], return_index=True)
    tree = candidates[first]
    into = np.full(order.size, -1, dtype=np.intp)
    into[entered] = road[tree]
    end = _ends(parent)
    over, beyond = _passing(parent, end, np.delete(upper, tree), np.delete(lower, tree))
    return _Forest(
        node=node[order],
        component=component[order],
        parent=np.where(into < 0, -1, parent),
        end=end,
        road=into,
        over=over,
        beyond=beyond,
    )


def _visit(size: int, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Return each node's component, the nodes as a search visits them, and (-1: nowhere) whence it comes to each.

    The last is in the order of the visits. One search goes through all components: it steps from the first node of
    each to the first node of the next.
    """
    if size == 0:
        return (np.zeros(0, dtype=np.intp),) * 3
    tail, head = ends.T
    component = joined(size, tail, head)
    roots = np.unique(component, return_index=True)[1]
    one, two = np.concatenate([tail, roots[:-1]]), np.concatenate([head, roots[1:]])
    both = np.concatenate([one, two]), np.concatenate([two, one])
    near = csr_array((np.ones(both[0].size, dtype=np.int8), both), shape=(size, size))
    order, before = depth_first_order(near, 0, directed=True)
    visited = np.empty(size + 1, dtype=np.intp)
    visited[order], visited[-1] = np.arange(size), -1
    return component, order.astype(np.intp), visited[np.maximum(before, -1)][order]


def _ends(parent: Ints) -> Ints:
    """Return one past the last node below each node of a tree whose nodes are numbered as a search visits them."""
    count = [1] * parent.size
    above = parent.tolist()
    for node in range(parent.size - 1, 0, -1):
        count[above[node]] += count[node]
    return np.arange(parent.size) + np.array(count, dtype=np.intp)


def _passing(parent: Ints, end: Ints, upper: Ints, lower: Ints) -> tuple[Ints, Ints]:
    """Return how many roads run from each node or below it to above it, and how many of them to above its parent."""
    size = parent.size
    started = np.bincount(lower, minlength=size) - np.bincount(upper, minlength=size)
    running = np.concatenate([[0], np.cumsum(started)])
    over = running[end] - running[:-1]
    children = np.lexsort((np.arange(size), parent))
    rank = parent[children] * size + children
    # The child of a road's upper end that its lower end is below: the last one visited by then.
    child = children[np.searchsorted(rank, upper * size + lower, side="right") - 1]
    return over, over - np.bincount(child, minlength=size)
