"""Learning from people: their corrections, candidates of the engine, and history judged anew."""
