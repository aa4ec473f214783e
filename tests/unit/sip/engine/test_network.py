"""What counts as another network, and what only as the old one coming back."""

from client.sip.engine.network import LOOK_SECONDS, NetworkWatch, Way, source_address

SAME, ANOTHER, BACK = Way.SAME, Way.ANOTHER, Way.BACK
EDGE, OTHER_EDGE = "198.51.100.1", "203.0.113.1"


class World:
    def __init__(self) -> None:
        self.address = "192.0.2.1"
        self.now = 0.0
        self.watch = NetworkWatch(lambda _: self.address, lambda: self.now)

    def look(self, address: str | None = None, target: str = EDGE, after: float = LOOK_SECONDS) -> Way:
        self.now += after
        self.address = self.address if address is None else address
        return self.watch.look(target)


def test_another_address_is_another_network() -> None:
    world = World()
    assert [world.look(), world.look(), world.look("192.0.2.7"), world.look()] == [SAME, SAME, ANOTHER, SAME]


def test_an_address_that_changes_before_the_first_look_is_noticed() -> None:
    world = World()
    world.watch.know(EDGE)
    assert world.look("192.0.2.7") is ANOTHER


def test_what_is_known_is_not_learnt_anew() -> None:
    world = World()
    world.watch.know(EDGE)
    # The connection broke and was made again over the new network, before anybody looked.
    world.address = "192.0.2.7"
    world.watch.know(EDGE)
    assert world.look() is ANOTHER


def test_a_way_that_is_away_is_no_change_before_there_is_one_again() -> None:
    world = World()
    assert [world.look(), world.look(""), world.look(""), world.look("192.0.2.1")] == [SAME, SAME, SAME, BACK]
    assert [world.look(), world.look(""), world.look("192.0.2.9"), world.look()] == [SAME, SAME, ANOTHER, SAME]


def test_a_way_that_was_never_there_is_not_back() -> None:
    world = World()
    assert [world.look(""), world.look("192.0.2.9"), world.look()] == [SAME, SAME, SAME]


def test_who_moved_while_on_the_way_to_another_edge_has_moved() -> None:
    world = World()
    assert [world.look(), world.look("")] == [SAME, SAME]
    assert [world.look("192.0.2.9", OTHER_EDGE), world.look(target=OTHER_EDGE)] == [ANOTHER, SAME]


def test_another_edge_over_the_same_network_is_no_change() -> None:
    world = World()
    assert [world.look(), world.look(target=OTHER_EDGE), world.look()] == [SAME, SAME, SAME]


def test_another_edge_may_be_reached_in_another_way() -> None:
    ways = {EDGE: "192.0.2.1", OTHER_EDGE: "10.0.0.1"}
    watch = NetworkWatch(ways.__getitem__, lambda: 0.0)
    assert [watch.look(EDGE), watch.look(OTHER_EDGE), watch.look(EDGE)] == [SAME, SAME, SAME]


def test_a_machine_that_slept_starts_anew() -> None:
    world = World()
    assert [world.look(), world.look(after=3_600.0), world.look()] == [SAME, ANOTHER, SAME]


def test_a_machine_that_wakes_up_without_a_network_still_starts_anew() -> None:
    world = World()
    assert [world.look(), world.look("", after=3_600.0), world.look("192.0.2.1"), world.look()] == [
        SAME,
        SAME,
        ANOTHER,
        SAME,
    ]


def test_before_there_is_an_edge_nothing_changes() -> None:
    world = World()
    assert [world.look(target=""), world.look(target="")] == [SAME, SAME]


def test_the_routing_table_knows_the_way() -> None:
    assert source_address("127.0.0.1") == "127.0.0.1"
    assert source_address("not an address") == ""
