"""Entries of the timeline that are repeated."""

import numpy as np
import pytest
from unit.documents import small

from netspec.backend.registry import available
from netspec.passes import pipeline
from netspec.passes.fingerprint import fingerprint

SET = {"exc[0:2].V": "-60*mV + i*mV", "ext.rate": "20 Hz"}
DRAWN = {"exc.V": {"normal": {"mean": "-60 mV", "sd": "2 mV"}}}


def timeline(*entries):
    return small({"timeline": list(entries)})


def repeated(until, action=SET):
    return {"at": "1 ms", "every": "0.5 ms", "until": until, "set": action}


def test_a_repeated_entry_means_what_as_many_entries_mean():
    # Not at 3 ms: a time that `until` names is over. The other entry comes in between.
    other = {"at": "2 ms", "disconnect": "ext_exc"}
    written = [{"at": f"{n / 2} ms", "set": SET} for n in range(2, 6)]
    found = pipeline.resolved(timeline(repeated("3 ms"), other))
    assert fingerprint(found) == fingerprint(pipeline.resolved(timeline(*written, other)))
    assert [entry.step for entry in found.timeline] == [10, 10, 15, 15, 20, 20, 20, 25, 25]


def test_what_is_drawn_is_drawn_anew():
    first, second = pipeline.realised(timeline(repeated("2 ms", DRAWN))).timeline
    assert not np.array_equal(first.values, second.values)


@pytest.mark.parametrize("name", ["numpy", "brian2"])
def test_programs_do_not_grow_with_repetitions(name):
    backend = available()[name]

    def lines(until):
        network = pipeline.realised(timeline(repeated(until)))
        program = backend.emit(network, backend.options())
        return program.files[program.entry].count("\n"), len(program.arrays)

    assert lines("4 ms") == lines("9 ms")
