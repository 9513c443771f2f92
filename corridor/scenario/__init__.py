"""The scenario as written: YAML and CSV in, every fault out."""
