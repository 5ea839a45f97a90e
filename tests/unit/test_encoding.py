"""JSON of strange values: never an error, always JSON, and the ordinary case is orjson's."""

from __future__ import annotations

import json
import math
from types import MappingProxyType

import pytest

from scanner.encoding import encode, encode_in_order
from scanner.model import Json


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "ü"]}, '{"a":[true,null,"ü"],"b":1}'),
        ({"name": "caf\udce9"}, '{"name":"caf\\\\udce9"}'),
        ({"caf\udce9": 1}, '{"caf\\\\udce9":1}'),
        ({"serial": 2**70}, '{"serial":1180591620717411303424}'),
        ({7: "seven", True: "true"}, '{"7":"seven","true":"true"}'),
        ({2: "two", None: "none"}, '{"2":"two","null":"none"}'),
        (
            {"big": 2**70, "nan": math.nan, "set": {"b", "a"}},
            '{"big":1180591620717411303424,"nan":null,"set":["a","b"]}',
        ),
        (MappingProxyType({"b": 1, "a": (1, 2)}), '{"a":[1,2],"b":1}'),
        ("\u2028\x1b", '"\u2028\\u001b"'),
    ],
)
def test_strange_values_are_written_all_the_same(value: Json, text: str) -> None:
    assert encode(value).decode() == text
    json.loads(text)


def test_the_order_of_a_record_is_kept_where_it_matters() -> None:
    assert encode_in_order({"b": "\udce9", "a": 2}) == rb'{"b":"\\udce9","a":2}'


def test_what_is_no_json_value_is_a_mistake_in_the_program() -> None:
    with pytest.raises(TypeError):
        encode({"value": object()})
