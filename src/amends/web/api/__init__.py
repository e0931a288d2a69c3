"""The desk for programs: `/api/v1`, one file for each resource; read gate.py first."""
