"""How a summary is made: two strategies that draft sentences with their support, and the check that each must pass."""
