"""Echo and fan-out, measured: ``python -m tests.bench.run``; see docs/performance.md."""
