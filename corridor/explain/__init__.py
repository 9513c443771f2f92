"""Why a place's days of supply rose and fell in a saved run: what changed, in order, and accounts that add up."""

from corridor.explain.book import Account, Gift
from corridor.explain.change import Change, amount, counted, spell
from corridor.explain.story import Explanation, Step, Store, explain

__all__ = ["Account", "Change", "Explanation", "Gift", "Step", "Store", "amount", "counted", "explain", "spell"]
