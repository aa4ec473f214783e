"""What this PC reports of itself. The server decides what that is worth.

Small collectors, one an operating system, see the PC through `Machine`; the `Sensor` asks them within a bound of time;
the `Reporter` numbers and signs. Nothing of the home leaves but what `provisioning.posture.Posture` has a member for.
"""

from client.security.posture.desk_seen import DeskSeen as DeskSeen
from client.security.posture.reporter import Reporter as Reporter
from client.security.posture.sensor import SIGN_IN_SECONDS as SIGN_IN_SECONDS
from client.security.posture.sensor import Sensor as Sensor
