"""The PC that the tests run on, as it would be at home: that somebody came in by SSH to run them is not the desk's."""

from client.security.posture.machine import ThisMachine


class HomeMachine(ThisMachine):
    """This PC, used by nobody from elsewhere."""

    def variable(self, name: str) -> str:
        """See Machine."""
        return "" if name.startswith("SSH_") else super().variable(name)
