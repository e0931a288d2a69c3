"""The demonstration: a fictional shop, its customers, some days of history, a living stream."""
