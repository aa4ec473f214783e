"""How often somebody may try. Counted in this process; several servers would share a storage of `limits`."""

import math
import time

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from provisioning.api import ProblemType
from server.problems import Refused


class Throttle:
    """Counts attempts by key against one limit."""

    def __init__(self, limit: RateLimitItem, problem_type: ProblemType) -> None:
        self._limit = limit
        self._problem_type = problem_type
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def attempt(self, key: str) -> None:
        """Count an attempt, before it is made, so that many at once cannot slip through together.

        Raises:
            Refused: it is one too many; it says how many seconds to wait.
        """
        if await self._limiter.hit(self._limit, key):
            return
        stats = await self._limiter.get_window_stats(self._limit, key)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        raise Refused(self._problem_type, f"Wait {wait} seconds, then try again.", retry_after=wait)

    async def forgive(self, key: str) -> None:
        """Forget a key's attempts."""
        await self._limiter.clear(self._limit, key)
