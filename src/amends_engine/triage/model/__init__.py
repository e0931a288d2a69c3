"""The compact transformer: text and parent in, a logit for every label of every field out."""
