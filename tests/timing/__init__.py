"""How long the tests take: recorded by a plugin, summed up, and held against budgets."""
