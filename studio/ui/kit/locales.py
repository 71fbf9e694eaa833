"""Numbers, dates, sizes and durations as the user's language and region write them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale

from studio.words import tr, trn


def number(value: float, decimals: int = 0) -> str:
    """12,345 or 12.345 or 12 345."""
    place = QLocale()
    return place.toString(int(value)) if decimals == 0 else place.toString(float(value), "f", decimals)


def percent(fraction: float) -> str:
    """0 to 1 as whole percent."""
    return tr("{number} %", number=number(round(fraction * 100)))


def moment(seconds: float) -> str:
    """Seconds since 1970 as date and time, short."""
    return QLocale().toString(_local(seconds), QLocale.FormatType.ShortFormat)


def clock(seconds: float) -> str:
    """Seconds since 1970 as the time of that day, "14:05", or as a date where that is not today."""
    then = _local(seconds)
    if then.date() == QDateTime.currentDateTime().date():
        return QLocale().toString(then.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(then.date(), QLocale.FormatType.ShortFormat)


def day(seconds: float) -> str:
    """Seconds since 1970 as a date in words, "Today" and "Yesterday" where it is."""
    then = datetime.fromtimestamp(seconds).astimezone().date()
    ago = (datetime.now().astimezone().date() - then).days
    if ago == 0:
        return tr("Today")
    if ago == 1:
        return tr("Yesterday")
    return QLocale().toString(_local(seconds).date(), QLocale.FormatType.LongFormat)


def size(count: int) -> str:
    """Bytes in short words, powers of 1000 as file managers count."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def rough_size(count: int) -> str:
    """Memory as an estimate says it: two digits, "290 MB" or "1.4 GB", by 1,024 as computers are sold."""
    step, number = 0, float(count)
    while number >= 1023.5:
        step, number = step + 1, number / 1024
    rough = float(f"{number:.1e}")
    decimals = 1 if rough < 10 and step else 0
    return QLocale().formattedDataSize(
        round(rough * 1024**step), decimals, QLocale.DataSizeFormat.DataSizeTraditionalFormat
    )


def duration(seconds: float) -> str:
    """About how long, in words: "5 s", "3 min", "2 h 10 min"."""
    if seconds < 59.5:
        return tr("{seconds} s", seconds=number(max(1, round(seconds))))
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{minutes} min", minutes=number(minutes))
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return tr("{hours} h {minutes} min", hours=number(hours), minutes=number(rest))
    return trn("{count} day", "{count} days", round(hours / 24))


def _local(seconds: float) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(round(seconds * 1000))
