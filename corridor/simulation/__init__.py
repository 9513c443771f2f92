"""One replication: stocks, convoys, pipelines and the ledger under changing control (the only user of simpy)."""

from corridor.simulation.atlas import Atlas
from corridor.simulation.engine import simulate
from corridor.simulation.trace import GateRecord, LedgerRow, Shipment, Stockout, Trace, Transfer

__all__ = ["Atlas", "GateRecord", "LedgerRow", "Shipment", "Stockout", "Trace", "Transfer", "simulate"]
