"""JSON text from values as providers give them: one form, and it never refuses.

The form is orjson's without spaces, UTF-8. orjson refuses what JSON cannot carry everywhere: lone surrogates
(a file name that is not UTF-8), integers beyond 64 bits, keys that are not strings. Those few values are mended
and written by the standard library instead, so that one strange label cannot stop a scan.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Set

import orjson

from scanner.model import Json


def encode(value: Json) -> bytes:
    """Compact JSON with sorted keys: the same value gives the same bytes."""
    try:
        return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return _encode_mended(value, sort=True)


def encode_in_order(value: Json) -> bytes:
    """Compact JSON with keys in the value's own order, where the order is part of a record's form."""
    try:
        return orjson.dumps(value, default=_plain)
    except orjson.JSONEncodeError:
        return _encode_mended(value, sort=False)


def _encode_mended(value: Json, *, sort: bool) -> bytes:
    text = json.dumps(_mended(value), ensure_ascii=False, separators=(",", ":"), sort_keys=sort, allow_nan=False)
    return text.encode()


def _plain(value: object) -> Json:
    """What orjson does not know itself: read-only mappings and sets."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _mended(value: Json) -> Json:
    """Surrogates written out (`\\udcff`), keys made strings; NaN and infinity are null, as in orjson."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, bool | int | None):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_mended_key(key): _mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    return _mended(_plain(value))


def _mended_key(key: object) -> str:
    return str(_mended(key)) if isinstance(key, str) else json.dumps(key)
