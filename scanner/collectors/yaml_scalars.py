"""What YAML scalars mean to kubectl: go-yaml 2's `resolve.go`, and its JSON writer's numbers."""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from typing import Any, TypeAlias

from yaml.events import ScalarEvent

from scanner.model import Json

Event: TypeAlias = Any
"""One of libyaml's events; their classes share no useful type."""

_TAG = "tag:yaml.org,2002:"
_CONSTANTS: dict[str, Json] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_MAY_MEAN_MORE = frozenset("yYnNtTfFoO~.+-0123456789") | {""}
"""What plain scalars that can be other than strings begin with."""
_NUMERIC = frozenset(".+-0123456789")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z")
_LONGEST_INTEGER = 70
"""Characters of 64 bits in base 2, with room for sign and prefix."""
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_FRACTION = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?\Z")
"""With a leading point, underscores may only stand between digits."""
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
    r"| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?)?\Z"
)
_RESOLVABLE = {
    f"{_TAG}str": (str,),
    f"{_TAG}bool": (bool,),
    f"{_TAG}int": (int,),
    f"{_TAG}float": (float, int),
    f"{_TAG}null": (type(None),),
}


def is_merge(event: Event) -> bool:
    """Whether a key is `<<`, not quoted."""
    if type(event) is not ScalarEvent or event.value != "<<":
        return False
    return bool(event.implicit[0]) or event.tag == f"{_TAG}merge"


def is_text(event: Event) -> bool:
    """Whether a scalar is a string at first sight, as most are; the others need `scalar`."""
    return event.tag is None and (not event.implicit[0] or event.value[:1] not in _MAY_MEAN_MORE)


def scalar(event: Event) -> Json:
    """The value of a scalar. Raises `ValueError` when its tag says otherwise."""
    if is_text(event):
        return event.value
    return _plain(event.value) if event.tag is None else _tagged(event.tag, event.value)


def _plain(text: str) -> Json:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMERIC:
        return text
    digits = text.replace("_", "")
    number = _number(digits) if text[0] != "." else _float(digits) if _FRACTION.match(text) else None
    return text if number is None else number


def _number(text: str) -> int | float | None:
    if len(text) <= _LONGEST_INTEGER and (match := _INTEGER.match(text)):
        sign, hexadecimal, binary, octal, decimal = match.groups()
        digits, base = next((d, b) for d, b in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)) if d)
        value = -int(digits, base) if sign == "-" else int(digits, base)
        if -(2**63) <= value < (2**63 if sign else 2**64):
            return value
    return _float(text)


def _float(text: str) -> float | None:
    if not _FLOAT.match(text):
        return None
    value = float(text)
    return None if math.isinf(value) else value


def _tagged(tag: str, text: str) -> Json:
    if tag == f"{_TAG}binary":
        try:
            return base64.b64decode(text.replace("\n", ""), validate=True).decode(errors="replace")
        except binascii.Error as error:
            raise ValueError("a !!binary value is not base64") from error
    expected = _RESOLVABLE.get(tag)
    if tag == f"{_TAG}timestamp" and not _TIMESTAMP.match(text):
        raise ValueError("a value is not what its tag !!timestamp says")
    if expected is None or tag == f"{_TAG}str":
        return text
    value = _plain(text)
    if type(value) not in expected:
        raise ValueError(f"a value is not what its tag !!{tag.removeprefix(_TAG)} says")
    return value


def go_number(value: float) -> int | float:
    """Go writes 1.0 and 1e3 as 1 and 1000; beyond 64 bits a JSON writer of ours would refuse the integer."""
    return int(value) if value.is_integer() and abs(value) < 2**63 else value


def key_text(value: Json) -> str | None:
    """A key as JSON has it; None for what can't be one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value < 2**63 else None
    return _short_float(value) if isinstance(value, float) else None


def _short_float(value: float) -> str:
    """Go's `strconv.FormatFloat(value, 'g', -1, 32)`, with YAML's words for what is not finite."""
    single = _single(value)
    if not math.isfinite(single):
        return ".nan" if math.isnan(single) else ".inf" if single > 0 else "-.inf"
    shortest = next(t for p in range(9) if _single(float(t := f"{single:.{p}e}")) == single)
    mantissa, exponent = shortest.split("e")
    if -4 <= int(exponent) < 6:  # where Go turns to an exponent
        places = max(len(mantissa.partition(".")[2]) - int(exponent), 0)
        return f"{float(shortest):.{places}f}"
    return shortest


def _single(value: float) -> float:
    try:
        packed: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return packed
