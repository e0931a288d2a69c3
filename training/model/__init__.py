"""From the weights of multilingual-e5-small to the compact model that the engine ships."""
