"""The row is the queue: leases on rows that carry their own next step."""
