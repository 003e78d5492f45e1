"""Writes the Avro schemas and pairs whose text and verdicts the table holds, one JSON object a line.

    python3 avro_pairs.py > pairs.jsonl
    java -cp "$LIBS/*" Oracle.java pairs.jsonl > avro.jsonl
"""
import itertools, json

PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]


def record(name="R", *fields, **more):
    return {"type": "record", "name": name, "fields": list(fields), **more}


def field(name, type, **more):
    return {"name": name, "type": type, **more}


def enum(name, *symbols, **more):
    return {"type": "enum", "name": name, "symbols": list(symbols), **more}


def fixed(name, size, **more):
    return {"type": "fixed", "name": name, "size": size, **more}


def array(items):
    return {"type": "array", "items": items}


def map_(values):
    return {"type": "map", "values": values}


AB = enum("E", "A", "B")
LIST = record("Node", field("value", "int"), field("next", ["null", "Node"], default=None))
LIST_LONG = record("Node", field("value", "long"), field("next", ["null", "Node"], default=None))
LIST_TEXT = record("Node", field("value", "string"), field("next", ["null", "Node"], default=None))
TREE = record("Tree", field("left", ["null", "Tree"]), field("right", ["null", "Tree"]), field("value", "int"))
TREE_MORE = record("Tree", field("left", ["null", "Tree"]), field("right", ["null", "Tree"]), field("value", "int"),
                   field("extra", "int"))
GROUPS = {
    "unions": [
        ["int"], ["null", "int"], ["int", "null"], ["null", "string"], ["int", "string"], ["null", "long"],
        ["float", "long"], ["null", "int", "string"], "int", "long", "null", "string", "bytes", ["null", "bytes"],
        ["null", AB], ["null", array("int")], [],
    ],
    "enums": [
        AB, enum("E", "A", "B", "C"), enum("E", "B", "A"), enum("E", "A"), enum("E", "A", default="A"),
        enum("F", "A", "B"), enum("F", "A", "B", aliases=["E"]), enum("E", "A", "B", namespace="n"), "string",
    ],
    "fixed": [
        fixed("X", 4), fixed("X", 8), fixed("Y", 4), fixed("Y", 4, aliases=["X"]), fixed("X", 4, namespace="n"),
        "bytes",
    ],
    "containers": [
        array("int"), array("long"), array("string"), map_("int"), map_("long"), map_("string"), array(array("int")),
        array(array("long")), map_(array("int")), array(["null", "int"]), array(record("I", field("a", "int"))),
        array(record("I", field("a", "int"), field("b", "int"))),
    ],
    "records": [
        record(), record("R", field("a", "int")), record("R", field("a", "long")), record("R", field("a", "string")),
        record("R", field("a", "int", default=1)), record("R", field("a", "int"), field("b", "int")),
        record("R", field("a", "int"), field("b", "int", default=0)), record("R", field("b", "int"), field("a", "int")),
        record("R", field("a", ["null", "int"], default=None)), record("R", field("a", ["null", "int"])),
        record("R", field("x", "int", aliases=["a"])), record("R", field("x", "int", aliases=["q", "a"])),
        record("S", field("a", "int")), record("S", field("a", "int"), aliases=["R"]),
        record("R", field("a", "int"), namespace="n"), record("R", field("a", "int"), namespace="m"),
        record("R", field("e", enum("E", "A", default="A"))),
    ],
    "nested": [
        record("O", field("i", record("I", field("a", "int")))),
        record("O", field("i", record("I", field("a", "long")))),
        record("O", field("i", record("I", field("a", "int"), field("b", "int")))),
        record("O", field("i", record("I", field("a", "int"), field("b", "int", default=2)))),
        record("O", field("i", ["null", record("I", field("a", "int"))])),
        record("O", field("i", ["null", record("J", field("a", "int"))])),
        record("O", field("i", record("J", field("a", "int")))),
        record("O", field("i", map_(record("I", field("a", "int"))))),
        record("O", field("i", record("I", field("a", "int"))), field("j", "I")),
        record("O", field("i", record("I", field("a", "int"), field("b", "int"))), field("j", "I")),
    ],
    "recursive": [LIST, LIST_LONG, LIST_TEXT, TREE, TREE_MORE],
}

TEXTS = [
    '"int"', '{"type":"int"}', '{"type":"int","logicalType":"date"}', '{"logicalType":"date","type":"int"}',
    '{"type":"bytes","logicalType":"decimal","scale":2,"precision":10}',
    '{"fields":[{"type":"int","name":"a"}],"type":"record","doc":"d","name":"R"}',
    '{"type":"record","name":"a.b.R","fields":[{"name":"x","type":{"type":"fixed","name":"F","size":3}},'
    '{"name":"y","type":"F"},{"name":"z","type":"a.b.F"}]}',
    '{"type":"record","name":"R","namespace":"n","fields":[{"name":"x","type":{"type":"enum","name":"m.E",'
    '"symbols":["A"],"aliases":["Old","k.Older"]}}],"aliases":["Q"]}',
    '{"type":"record","name":"R","fields":[{"name":"x","type":"double","default":1},'
    '{"name":"y","type":"double","default":1e10},{"name":"z","type":"float","default":0.00001},'
    '{"name":"w","type":"double","default":"1.5"},{"name":"v","type":"double","default":123456789.5}]}',
    '{"type":"record","name":"R","fields":[{"name":"x","type":"int","order":"descending","aliases":["q"],'
    '"default":3,"doc":"text","p":{"b":1,"a":[1.50,true,null]}}],"connect.name":"R","connect.version":1}',
    '{"type":"enum","name":"E","symbols":["A","B"],"default":"B","doc":"\\u00e9\\t\\"\\\\"}',
    '{"type":"array","items":"int","p":1}', '{"type":"map","values":["null","string"]}',
    '{"type":"record","name":"R","namespace":"n","fields":[{"name":"x","type":{"type":"record","name":"S",'
    '"namespace":"","fields":[{"name":"r","type":["null","n.R"]}]}}]}',
    '{"type":"record","name":"R","fields":[{"name":"u","type":["null","int"],"default":1}]}',
    '{"type":"record","name":"R","fields":[{"name":"u","type":["int","null"],"default":null}]}',
    '{"type":"record","name":"R","fields":[{"name":"u","type":"int","default":"x"}]}',
    '{"type":"record","name":"R","fields":[{"name":"u","type":"int","default":null}]}',
    '{"type":"record","name":"R","fields":[{"name":"u","type":"long","default":1.0}]}',
    '{"type":"record","name":"R","fields":[{"name":"u","type":"bytes","default":"\\u00ff"}]}',
    '{"type":"record","name":"R"}', '{"type":"record","fields":[]}', '{"type":"nope"}', '"Nope"', '["int","int"]',
    '["int",["null"]]', '{"type":"enum","name":"E","symbols":["A","A"]}', '{"type":"enum","name":"E","symbols":["1"]}',
    '{"type":"enum","name":"E","symbols":["A"],"default":"B"}', '{"type":"fixed","name":"F"}',
    '{"type":"fixed","name":"F","size":-1}', '{"type":"record","name":"1R","fields":[]}',
    '{"type":"record","name":"R","fields":[{"name":"a-b","type":"int"}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}',
    '{"type":"record","name":"R","fields":[{"name":"a"}]}', '{"type":"record","name":"R","fields":[{"type":"int"}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"R","fields":[]}}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":"int","order":"sideways"}]}', '{', '', '1', '[]',
    '/* c */ {"type":"int"}', '{"type":"record","name":"int","fields":[]}',
    '{"type":"record","name":"n.string","fields":[{"name":"x","type":["null","n.string"]}]}',
    '{"type":"error","name":"X","fields":[]}', '{"type":"int","p":null}', '{"type":{"type":"int"}}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"string","avro.java.string":"String"}}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":"R"},"default":[]}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"map","values":"int"},"default":{"k":"v"}}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"S","fields":'
    '[{"name":"b","type":"int","default":1}]},"default":{}}]}',
]

for text in TEXTS:
    print(json.dumps({"op": "text", "schema": text}))
for group, reader, writer in [("primitives", r, w) for r, w in itertools.product(PRIMITIVES, PRIMITIVES)] + [
    (name, r, w) for name, schemas in GROUPS.items() for r, w in itertools.product(schemas, schemas)
]:
    print(json.dumps({"op": "pair", "group": group, "reader": json.dumps(reader), "writer": json.dumps(writer)}))
