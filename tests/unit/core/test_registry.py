"""The registry, the key profiles and the words: complete, without clashes, and possible with one hand."""

import pytest

from client.core.commands import BY_ID, COMMANDS
from client.core.keys import LEFT_HALF, PROFILES, RIGHT_HALF, KeyProfile, presses
from client.core.problems import PROBLEMS, problem


@pytest.mark.parametrize("profile", KeyProfile)
def test_every_command_has_a_key(profile: KeyProfile) -> None:
    assert PROFILES[profile].keys() == BY_ID.keys()


@pytest.mark.parametrize("profile", KeyProfile)
def test_no_key_means_two_things_and_none_is_a_chord(profile: KeyProfile) -> None:
    sequences = [presses(keys) for keys in PROFILES[profile].values()]
    assert len(set(sequences)) == len(sequences)
    alone = {keys[0] for keys in sequences if len(keys) == 1}
    leaders = {keys[0] for keys in sequences if len(keys) > 1}
    assert not alone & leaders, "a key that waits for a second one can't act alone"
    assert all(len(keys) <= 2 for keys in sequences)
    assert not [keys for keys in sequences for key in keys if "+" in key and key != "+"]


@pytest.mark.parametrize(("profile", "half"), [(KeyProfile.LEFT_HAND, LEFT_HALF), (KeyProfile.RIGHT_HAND, RIGHT_HALF)])
def test_a_hand_profile_stays_on_its_hand(profile: KeyProfile, half: frozenset[str]) -> None:
    used = {key for keys in PROFILES[profile].values() for key in presses(keys)}
    assert used <= half


def test_command_ids_are_unique() -> None:
    assert len(BY_ID) == len(COMMANDS)


def test_a_problem_says_what_happened_what_it_means_and_what_to_do() -> None:
    for entry in PROBLEMS.values():
        assert entry.happened.endswith(".")
        assert entry.means.endswith(".")
        assert entry.do.endswith(".")


def test_an_unknown_problem_is_the_servers_mistake() -> None:
    assert problem("from-a-newer-server").code == "internal"
