"""Writes values of random schemas as fastavro encodes them, one JSON object a line: the schema, the datum's bytes and a
container file of it, in hexadecimal.

    pip install fastavro==1.12.* && python3 fastavro_values.py > fastavro.jsonl
"""
import io, json, random
import fastavro

chance = random.Random(7)
names = 0


def schema(depth=3):
    global names
    kind = chance.randrange(14 if depth else 8)
    if kind < 8:
        return ["null", "boolean", "int", "long", "float", "double", "bytes", "string"][kind]
    names += 1
    if kind == 8:
        return {"type": "array", "items": schema(depth - 1)}
    if kind == 9:
        return {"type": "map", "values": schema(depth - 1)}
    if kind == 10:
        return {"type": "enum", "name": f"E{names}", "symbols": ["A", "B", "C"]}
    if kind == 11:
        return {"type": "fixed", "name": f"F{names}", "size": chance.randrange(1, 6)}
    if kind == 12:
        return ["null", chance.choice(["long", "string"]), {"type": "array", "items": schema(depth - 1)}]
    name = f"R{names}"
    fields = [{"name": f"f{i}", "type": schema(depth - 1)} for i in range(chance.randrange(5))]
    fields.append({"name": "next", "type": ["null", name]})
    return {"type": "record", "name": name, "fields": fields}


def value(type, known, depth=6):
    if isinstance(type, list):
        return value(chance.choice(type) if depth > 0 else type[0], known, depth - 1)
    if isinstance(type, str):
        if type in known:
            return value(known[type], known, depth - 1)
        return {
            "null": lambda: None, "boolean": lambda: chance.random() < 0.5,
            "int": lambda: chance.randrange(-2**31, 2**31) >> chance.randrange(31),
            "long": lambda: chance.randrange(-2**63, 2**63) >> chance.randrange(63),
            "float": lambda: chance.randrange(-1000, 1000) / 8, "double": lambda: chance.randrange(-10**6, 10**6) / 64,
            "bytes": lambda: chance.randbytes(chance.randrange(20)),
            "string": lambda: "".join(chance.choice("aß字😀\n") for _ in range(chance.randrange(9))),
        }[type]()
    if type["type"] == "array":
        return [value(type["items"], known, depth - 1) for _ in range(chance.randrange(4) if depth > 0 else 0)]
    if type["type"] == "map":
        return {f"k{i}": value(type["values"], known, depth - 1) for i in range(chance.randrange(4) if depth > 0 else 0)}
    if type["type"] == "enum":
        return chance.choice(type["symbols"])
    if type["type"] == "fixed":
        return chance.randbytes(type["size"])
    known = {**known, type["name"]: type}
    return {field["name"]: value(field["type"], known, depth - 1) for field in type["fields"]}


count = 0
while count < 150:
    made = schema()
    parsed = fastavro.parse_schema(json.loads(json.dumps(made)))
    datum = value(made, {})
    plain, container = io.BytesIO(), io.BytesIO()
    fastavro.schemaless_writer(plain, parsed, datum)
    fastavro.writer(container, parsed, [datum] * 3, sync_marker=bytes(range(16)))
    print(json.dumps({"schema": json.dumps(made), "datum": plain.getvalue().hex(), "file": container.getvalue().hex()}))
    count += 1
