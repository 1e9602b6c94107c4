"""Spikes as comma-separated text."""

import csv
from pathlib import Path

from unit.results import fakes

from netspec.results import spike_table
from netspec.results.spike_table import save_csv


def test_one_line_per_recorded_spike(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(spike_table, "_CHUNK", 10)
    results = fakes.results()
    save_csv(results, tmp_path / "spikes.csv")
    with (tmp_path / "spikes.csv").open(newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["object", "step", "i", "t_ms"]
    assert len(rows) == results.counts["exc"] + results.counts["inh"]
    exc = [row for row in rows if row[0] == "exc"]
    assert [int(row[1]) for row in exc] == results.spikes["exc"].step.tolist()
    assert [float(row[3]) for row in exc] == results.spikes["exc"].t.tolist()
    assert all(len(row[3]) <= 6 for row in exc), "times are short decimals"


def test_nothing_recorded_is_a_header(tmp_path: Path) -> None:
    save_csv(fakes.results(fakes.network(spikes=())), tmp_path / "spikes.csv")
    assert (tmp_path / "spikes.csv").read_text() == "object,step,i,t_ms\n"
