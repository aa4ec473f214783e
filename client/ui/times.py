"""Times and durations in words."""

from datetime import datetime

from client.ui.i18n import translate

_HOUR = 3600


def running(seconds: float) -> str:
    """A running time: 02:41, or 1:02:41."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, _HOUR)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes:02}:{secs:02}"


def spoken(seconds: float) -> str:
    """A finished duration: 3 min 12 s."""
    whole = max(0, round(seconds))
    if whole < 60:
        return translate("times", "{seconds} s").format(seconds=whole)
    minutes, secs = divmod(whole, 60)
    if minutes < 60:
        return translate("times", "{minutes} min {seconds} s").format(minutes=minutes, seconds=secs)
    hours, minutes = divmod(minutes, 60)
    return translate("times", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def clock_time(at: float) -> str:
    """The time of day on this PC's clock: 14:02."""
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M")


def day(at: float) -> str:
    """Month and day on this PC's clock: 11-19."""
    return datetime.fromtimestamp(at).astimezone().strftime("%m-%d")
