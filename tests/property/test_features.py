"""The random networks that every backend runs use all that a document can say."""

from collections import Counter

from property.features import features, known
from property.networks import CORPUS, document, network

ENOUGH = 3


def test_every_feature_occurs_in_several_networks() -> None:
    """Where this fails after a change of what is made, other numbers may do."""
    found = Counter(each for number in CORPUS for each in features(network(document(number))))
    assert {name: found[name] for name in known() if found[name] < ENOUGH} == {}
