"""How fast Baton is, beside a floor measured in the same run. `make bench`; docs/performance.md says how to read it."""
