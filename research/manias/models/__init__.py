"""Models: settings -> ``fit`` -> frozen results."""
