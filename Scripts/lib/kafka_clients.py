"""Cases that Kafka's clients must pass against a broker: run by Scripts/kafka-clients.

Usage: kafka_clients.py PLAINTEXT_ADDRESS TLS_ADDRESS CERTIFICATE [CASE...]
"""
import asyncio
import os
import subprocess
import sys
import time
import traceback
import uuid

PLAIN, TLS, CERTIFICATE = sys.argv[1:4]
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
# Keys, values and headers of every kind: empty, null, both.
RECORDS = [(b"k%d" % i, (b"v%d" % i) * (i % 50), [("h", b"x"), ("n", None)]) for i in range(500)]
RECORDS += [(None, b"no key", []), (b"tombstone", None, []), (b"", b"", [])]
CASES = []


def case(function):
    CASES.append(function)
    return function


def topic(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def expect(found, wanted, what=""):
    if found != wanted:
        raise AssertionError(f"{what}: {str(found)[:400]} instead of {str(wanted)[:400]}")


def confluent_records(codec, properties):
    from confluent_kafka import Consumer, Producer, TopicPartition
    from confluent_kafka.admin import AdminClient, NewTopic

    name = topic(f"rdkafka-{codec}")
    admin = AdminClient(properties)
    admin.create_topics([NewTopic(name, 1, 1, config={"max.message.bytes": "20000000"})])[name].result(30)
    failures = []
    delivered = lambda error, _: failures.append(error) if error else None
    producer = Producer(properties | {"compression.type": codec, "linger.ms": 20, "message.max.bytes": 15_000_000})
    for key, value, headers in RECORDS:
        producer.produce(name, key=key, value=value, headers=headers, on_delivery=delivered)
    large = os.urandom(8 << 20)
    producer.produce(name, key=b"large", value=large, on_delivery=delivered)
    expect((producer.flush(60), failures), (0, []), "undelivered")
    consumer = Consumer(properties | {"group.id": name, "enable.auto.commit": False, "fetch.message.max.bytes": 10_000_000})
    consumer.assign([TopicPartition(name, 0, 0)])
    found, deadline = [], time.time() + 60
    while len(found) < len(RECORDS) + 1 and time.time() < deadline:
        message = consumer.poll(0.5)
        if message is not None:
            expect(message.error(), None, "consume")
            found.append((message.key(), message.value(), message.headers() or []))
    expect(found, RECORDS + [(b"large", large, [])], codec)
    expect(consumer.get_watermark_offsets(TopicPartition(name, 0), timeout=10), (0, len(found)))
    consumer.close()


@case
def librdkafka_codecs():
    for codec in CODECS:
        confluent_records(codec, {"bootstrap.servers": PLAIN})


@case
def librdkafka_tls():
    confluent_records("lz4", {"bootstrap.servers": TLS, "security.protocol": "ssl", "ssl.ca.location": CERTIFICATE})


@case
def librdkafka_admin():
    from confluent_kafka import KafkaException, Producer, TopicPartition
    from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions,
                                       NewTopic, OffsetSpec, ResourceType)

    admin = AdminClient({"bootstrap.servers": PLAIN})
    name = topic("admin")
    admin.create_topics([NewTopic(name, 3, 1, config={"retention.ms": "3600000"})])[name].result(30)
    expect(len(admin.list_topics(name, timeout=10).topics[name].partitions), 3)
    refused = [(NewTopic(name, 1, 1), 36), (NewTopic(topic("x"), 1, 3), 38), (NewTopic(topic("x"), 0, 1), 37),
               (NewTopic("a b", 1, 1), 17), (NewTopic(topic("x"), 1, 1, config={"nope": "1"}), 40)]
    for wanted, code in refused:
        try:
            admin.create_topics([wanted])[wanted.topic].result(30)
            raise AssertionError(f"code {code} was expected")
        except KafkaException as error:
            expect(error.args[0].code(), code)
    resource = ConfigResource(ResourceType.TOPIC, name)
    settings = admin.describe_configs([resource])[resource].result(30)
    expect((settings["retention.ms"].value, settings["retention.ms"].source), ("3600000", 1))
    expect(settings["max.message.bytes"].source, 5)
    change = ConfigEntry("retention.ms", "7200000", incremental_operation=AlterConfigOpType.SET)
    changed = ConfigResource(ResourceType.TOPIC, name, incremental_configs=[change])
    admin.incremental_alter_configs([changed])[changed].result(30)
    expect(admin.describe_configs([resource])[resource].result(30)["retention.ms"].value, "7200000")
    admin.create_partitions([NewPartitions(name, 5)])[name].result(30)
    expect(len(admin.list_topics(name, timeout=10).topics[name].partitions), 5)
    producer = Producer({"bootstrap.servers": PLAIN})
    for _ in range(100):
        producer.produce(name, b"x", partition=0)
    expect(producer.flush(30), 0)
    first = TopicPartition(name, 0)
    removed = admin.delete_records([TopicPartition(name, 0, 40)])
    expect([f.result(30).low_watermark for f in removed.values()], [40])
    earliest = admin.list_offsets({first: OffsetSpec.earliest()})
    expect([f.result(30).offset for f in earliest.values()], [40])
    expect([node.id for node in admin.describe_cluster().result(30).nodes], [1])
    admin.delete_topics([name])[name].result(30)
    expect(name in admin.list_topics(timeout=10).topics, False)


@case
def librdkafka_limits_and_times():
    from confluent_kafka import Consumer, Producer, TopicPartition
    from confluent_kafka.admin import AdminClient, NewTopic

    small = topic("small")
    admin = AdminClient({"bootstrap.servers": PLAIN})
    admin.create_topics([NewTopic(small, 1, 1)])[small].result(30)
    errors = []
    producer = Producer({"bootstrap.servers": PLAIN, "message.max.bytes": 15_000_000})
    producer.produce(small, os.urandom(2 << 20), on_delivery=lambda error, _: errors.append(error.code()))
    producer.flush(30)
    expect(errors, [10], "a message above max.message.bytes")
    name = topic("created-by-use")
    producer.produce(name, b"1", timestamp=1_000_000)
    producer.produce(name, b"2", timestamp=2_000_000)
    expect(producer.flush(30), 0)
    consumer = Consumer({"bootstrap.servers": PLAIN, "group.id": name})
    expect(consumer.offsets_for_times([TopicPartition(name, 0, 1_500_000)], timeout=10)[0].offset, 1)
    consumer.close()


@case
def kafka_python_codecs():
    from kafka import KafkaConsumer, KafkaProducer, TopicPartition

    for codec in CODECS:
        name = topic(f"kafka-python-{codec}")
        producer = KafkaProducer(bootstrap_servers=PLAIN, compression_type=None if codec == "none" else codec,
                                 enable_idempotence=False, linger_ms=20)
        sent = [producer.send(name, key=key, value=value, headers=[(h, v or b"") for h, v in headers])
                for key, value, headers in RECORDS]
        producer.flush(30)
        for future in sent:
            future.get(10)
        producer.close()
        consumer = KafkaConsumer(bootstrap_servers=PLAIN, enable_auto_commit=False, consumer_timeout_ms=20_000)
        consumer.assign([TopicPartition(name, 0)])
        consumer.seek_to_beginning()
        found = []
        for message in consumer:
            found.append((message.key, message.value))
            if len(found) == len(RECORDS):
                break
        consumer.close()
        expect(found, [(key, value) for key, value, _ in RECORDS], codec)


@case
def aiokafka_codecs():
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

    async def both(codec):
        name = topic(f"aiokafka-{codec}")
        producer = AIOKafkaProducer(bootstrap_servers=PLAIN, compression_type=None if codec == "none" else codec)
        await producer.start()
        sent = [await producer.send(name, key=key, value=value, headers=[(h, v or b"") for h, v in headers])
                for key, value, headers in RECORDS]
        await asyncio.gather(*sent)
        await producer.stop()
        consumer = AIOKafkaConsumer(bootstrap_servers=PLAIN, enable_auto_commit=False)
        await consumer.start()
        consumer.assign([TopicPartition(name, 0)])
        await consumer.seek_to_beginning()
        found = []
        while len(found) < len(RECORDS):
            message = await asyncio.wait_for(consumer.getone(), 30)
            found.append((message.key, message.value))
        await consumer.stop()
        expect(found, [(key, value) for key, value, _ in RECORDS], codec)

    for codec in CODECS:
        asyncio.run(both(codec))


@case
def kcat_records():
    for codec in CODECS:
        name = topic(f"kcat-{codec}")
        lines = "".join(f"k{i}:value number {i}\n" for i in range(2000))
        subprocess.run(["kcat", "-b", PLAIN, "-P", "-t", name, "-K:", "-z", codec], input=lines, text=True, check=True,
                       timeout=60)
        read = subprocess.run(["kcat", "-b", PLAIN, "-C", "-t", name, "-e", "-q", "-K:"], text=True, check=True,
                              capture_output=True, timeout=60)
        expect(read.stdout, lines, codec)


failed = 0
for function in CASES:
    if len(sys.argv) > 4 and function.__name__ not in sys.argv[4:]:
        continue
    started = time.time()
    try:
        function()
        print(f"ok      {function.__name__} ({time.time() - started:.1f} s)", flush=True)
    except Exception:
        failed += 1
        traceback.print_exc()
        print(f"FAILED  {function.__name__}", flush=True)
sys.exit(1 if failed else 0)
