"""One replication: stocks, convoys, pipelines and the ledger under changing control (the only user of simpy)."""

from corridor.simulation.engine import simulate
from corridor.simulation.trace import LedgerRow, Shipment, Stockout, Trace

__all__ = ["LedgerRow", "Shipment", "Stockout", "Trace", "simulate"]
