"""confluent-kafka (librdkafka 2.16): records, offsets, administration, errors."""
from confluent_base import BASE, admin, produce, read, topic
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import (AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic, OffsetSpec,
                                   ResourceType)
from suite import case, equal, name, raises, run, until


@case
def codecs():
    """Every codec, small and compressible batches, byte for byte."""
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        target = topic()
        values = [(b"%d-" % number) * 200 for number in range(300)]
        equal(produce(target, [{"value": value} for value in values], **{"compression.type": codec}),
              list(range(300)), codec)
        equal([message.value() for message in read(target, 300)], values, codec)


@case
def shapes():
    """Keys, headers, nulls, empties, timestamps."""
    target = topic()
    headers = [("a", b"\x00\xff"), ("a", None), ("empty", b"")]
    produce(target, [{"key": b"k", "value": b"v", "headers": headers, "timestamp": 1_700_000_000_123},
                     {"key": None, "value": None}, {"key": b"", "value": b""}])
    first, nulls, empties = read(target, 3)
    equal((first.key(), first.value(), first.headers()), (b"k", b"v", headers))
    equal(first.timestamp(), (1, 1_700_000_000_123))
    equal((nulls.key(), nulls.value(), nulls.headers()), (None, None, None))
    equal((empties.key(), empties.value()), (b"", b""))


@case
def large_messages():
    """8 MiB in one record where the topic allows it; the broker's own error where it does not."""
    target = topic(max_message_bytes="9000000")
    value = bytes(range(256)) * 32768
    size = {"message.max.bytes": 9_000_000}
    produce(target, [{"value": value}, {"value": b"after"}], **size)
    messages = read(target, 2, **{"fetch.message.max.bytes": 1_000_000, "receive.message.max.bytes": 100_000_000})
    equal(messages[0].value() == value, True, "8 MiB value")
    small = topic()
    error = raises(lambda e: isinstance(e, KafkaException) and e.args[0].code() == KafkaError.MSG_SIZE_TOO_LARGE,
                   lambda: produce(small, [{"value": value}], **size), "too large for the topic")
    equal(error.args[0].retriable(), False)


@case
def acks():
    """0, 1 and all."""
    for level in ("0", "1", "all"):
        target = topic()
        produce(target, [{"value": b"x"}] * 10, acks=level)
        equal(len(read(target, 10)), 10, level)


@case
def auto_creation():
    """A topic that a producer asks for exists afterwards."""
    target = name("auto")
    produce(target, [{"value": b"x"}])
    equal(len(read(target, 1)), 1)


@case
def watermarks_and_times():
    target = topic()
    produce(target, [{"value": b"%d" % number, "timestamp": 1_700_000_000_000 + number * 1000}
                     for number in range(100)])
    consumer = Consumer({**BASE, "group.id": name("times")})
    equal(consumer.get_watermark_offsets(TopicPartition(target, 0), 20), (0, 100))
    found = consumer.offsets_for_times([TopicPartition(target, 0, 1_700_000_050_500)], 20)
    equal(found[0].offset, 51, "first at or after")
    found = consumer.offsets_for_times([TopicPartition(target, 0, 1_800_000_000_000)], 20)
    equal(found[0].offset, -1, "after the end")
    consumer.close()
    specs = [(OffsetSpec.earliest(), 0), (OffsetSpec.latest(), 100), (OffsetSpec.max_timestamp(), 99),
             (OffsetSpec.for_timestamp(1_700_000_010_000), 10)]
    for spec, offset in specs:
        for future in admin().list_offsets({TopicPartition(target, 0): spec}).values():
            equal(future.result(20).offset, offset, str(spec))


@case
def out_of_range():
    """A consumer that asks beyond what is kept is told so, or starts again by its policy."""
    target = topic()
    produce(target, [{"value": b"x"}] * 5)
    raises(lambda e: isinstance(e, KafkaException) and e.args[0].code() == KafkaError._AUTO_OFFSET_RESET,
           lambda: read(target, 1, start=500, **{"auto.offset.reset": "error"}), "no reset")
    equal(len(read(target, 5, start=500, **{"auto.offset.reset": "earliest"})), 5)


@case
def delete_records():
    target = topic()
    produce(target, [{"value": b"%d" % number} for number in range(50)])
    for future in admin().delete_records([TopicPartition(target, 0, 30)]).values():
        equal(future.result(20).low_watermark, 30)
    equal([int(message.value()) for message in read(target, 20, **{"auto.offset.reset": "earliest"})],
          list(range(30, 50)))
    for future in admin().delete_records([TopicPartition(target, 0, 100)]).values():
        raises(lambda e: e.args[0].code() == KafkaError.OFFSET_OUT_OF_RANGE, lambda: future.result(20), "beyond the end")


@case
def compaction_keys():
    """A compacted topic refuses records without a key."""
    target = topic(cleanup_policy="compact")
    produce(target, [{"key": b"k", "value": b"v"}])
    raises(lambda e: isinstance(e, KafkaException) and e.args[0].code() == KafkaError.INVALID_RECORD,
           lambda: produce(target, [{"value": b"v"}]), "no key")


@case
def admin_topics():
    client = admin()
    target = topic(2, retention_ms="123456")
    metadata = client.list_topics(timeout=20)
    equal(len(metadata.topics[target].partitions), 2)
    raises(lambda e: e.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS,
           lambda: client.create_topics([NewTopic(target, 1, 1)])[target].result(20), "exists")
    for bad, code in ((NewTopic("no spaces", 1, 1), KafkaError.TOPIC_EXCEPTION),
                      (NewTopic(name("rf"), 1, 3), KafkaError.INVALID_REPLICATION_FACTOR),
                      (NewTopic(name("cfg"), 1, 1, config={"no.such": "1"}), KafkaError.INVALID_CONFIG)):
        raises(lambda e, code=code: e.args[0].code() == code,
               lambda bad=bad: list(client.create_topics([bad]).values())[0].result(20), bad.topic)
    client.create_partitions([NewPartitions(target, 4)])[target].result(20)
    until("four partitions", lambda: len(client.list_topics(target, timeout=20).topics[target].partitions) == 4)
    raises(lambda e: e.args[0].code() == KafkaError.INVALID_PARTITIONS,
           lambda: client.create_partitions([NewPartitions(target, 1)])[target].result(20), "fewer")
    client.delete_topics([target])[target].result(20)
    until("it is gone", lambda: target not in client.list_topics(timeout=20).topics)
    raises(lambda e: e.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART,
           lambda: client.delete_topics([target])[target].result(20), "gone")
    validated = name("validate")
    client.create_topics([NewTopic(validated, 1, 1)], validate_only=True)[validated].result(20)
    equal(validated in client.list_topics(timeout=20).topics, False, "only validated")


@case
def admin_configs():
    client = admin()
    target = topic(retention_ms="1000000")
    resource = ConfigResource(ResourceType.TOPIC, target)

    def described():
        return list(client.describe_configs([resource]).values())[0].result(20)

    equal((described()["retention.ms"].value, described()["retention.ms"].source), ("1000000", 1))
    equal(described()["cleanup.policy"].value, "delete")
    change = ConfigResource(ResourceType.TOPIC, target, incremental_configs=[
        ConfigEntry("max.message.bytes", "2000000", incremental_operation=AlterConfigOpType.SET),
        ConfigEntry("cleanup.policy", "compact", incremental_operation=AlterConfigOpType.APPEND)])
    list(client.incremental_alter_configs([change]).values())[0].result(20)
    equal((described()["retention.ms"].value, described()["max.message.bytes"].value), ("1000000", "2000000"))
    equal(set(described()["cleanup.policy"].value.split(",")), {"delete", "compact"})
    remove = ConfigResource(ResourceType.TOPIC, target, incremental_configs=[
        ConfigEntry("retention.ms", None, incremental_operation=AlterConfigOpType.DELETE)])
    list(client.incremental_alter_configs([remove]).values())[0].result(20)
    equal(described()["retention.ms"].is_default, True)
    bad = ConfigResource(ResourceType.TOPIC, target, incremental_configs=[
        ConfigEntry("retention.ms", "soon", incremental_operation=AlterConfigOpType.SET)])
    raises(lambda e: e.args[0].code() == KafkaError.INVALID_CONFIG,
           lambda: list(client.incremental_alter_configs([bad]).values())[0].result(20), "not a number")
    broker = next(iter(client.list_topics(timeout=20).brokers))
    settings = list(client.describe_configs([ConfigResource(ResourceType.BROKER, str(broker))]).values())[0].result(20)
    equal("message.max.bytes" in settings or "num.partitions" in settings, True, "broker settings")


@case
def cluster():
    described = admin().describe_cluster(request_timeout=20).result(20)
    equal(bool(described.cluster_id), True)
    equal(len(described.nodes), 1)


if __name__ == "__main__":
    run()
