"""What counts as another network."""

from client.sip.engine.network import LOOK_SECONDS, NetworkWatch, source_address


class World:
    def __init__(self) -> None:
        self.address = "192.0.2.1"
        self.now = 0.0
        self.watch = NetworkWatch(lambda _: self.address, lambda: self.now)

    def look(self, address: str | None = None, target: str = "198.51.100.1", after: float = LOOK_SECONDS) -> bool:
        self.now += after
        self.address = self.address if address is None else address
        return self.watch.has_changed(target)


def test_another_address_is_another_network() -> None:
    world = World()
    assert [world.look(), world.look(), world.look("192.0.2.7"), world.look()] == [False, False, True, False]


def test_a_network_that_is_away_is_no_change_before_another_is_there() -> None:
    world = World()
    assert [world.look(), world.look(""), world.look(""), world.look("192.0.2.1")] == [False] * 4
    assert [world.look(""), world.look("192.0.2.9")] == [False, True]


def test_another_edge_is_reached_in_another_way_and_that_is_no_change() -> None:
    world = World()
    assert [world.look(), world.look("192.0.2.9", "203.0.113.1")] == [False, False]


def test_a_machine_that_slept_starts_anew() -> None:
    world = World()
    assert [world.look(), world.look(after=3_600.0), world.look()] == [False, True, False]


def test_before_there_is_an_edge_nothing_changes() -> None:
    world = World()
    assert [world.look(target=""), world.look(target="", after=3_600.0)] == [False, False]


def test_the_routing_table_knows_the_way() -> None:
    assert source_address("127.0.0.1") == "127.0.0.1"
    assert source_address("not an address") == ""
