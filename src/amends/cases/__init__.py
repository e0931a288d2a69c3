"""The work on one problem of one author: verdict, triage, decision, clocks."""
