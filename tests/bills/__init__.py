"""Bills made for tests and the demo: amounts by the oracle, faults with their exact effect, six and more dialects."""
