"""Measurements of time and memory: networks of `examples/`, side by side on several simulators.

`python -m benchmarks` measures and writes a JSON file, `python -m benchmarks table FILE` shows it.
The page `docs/performance.md` says what is measured and what came out.
"""
