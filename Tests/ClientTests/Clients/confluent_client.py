"""confluent-kafka (librdkafka 2.16): producers, consumers, groups, transactions, administration."""
import threading
import time

from confluent_kafka import (OFFSET_BEGINNING, Consumer, ConsumerGroupTopicPartitions, IsolationLevel, KafkaError,
                             KafkaException, Producer, TopicPartition)
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions,
                                   NewTopic, OffsetSpec, ResourceType)
from suite import BOOTSTRAP, case, equal, name, raises, run, until

BASE = {"bootstrap.servers": BOOTSTRAP, "socket.timeout.ms": 20000}


ADMIN = AdminClient(BASE)


def admin():
    """One for all: a client that is collected fails the futures that wait for it."""
    return ADMIN


def topic(partitions=1, **config):
    created = name("confluent")
    config = {key.replace("_", "."): value for key, value in config.items()}
    for future in admin().create_topics([NewTopic(created, partitions, 1, config=config)]).values():
        future.result(20)
    return created


def produce(target, records, **config):
    """Each record: a dict for Producer.produce. Returns the offsets in order; fails on the first error."""
    producer = Producer({**BASE, "linger.ms": 5, **config})
    results = [None] * len(records)
    for index, record in enumerate(records):
        def delivered(error, message, index=index):
            results[index] = error or message.offset()
        while True:
            try:
                producer.produce(target, on_delivery=delivered, **record)
                break
            except BufferError:
                producer.poll(0.1)
    equal(producer.flush(60), 0, "undelivered")
    for result in results:
        if isinstance(result, KafkaError):
            raise KafkaException(result)
    return results


def read(target, count, partitions=(0,), start=OFFSET_BEGINNING, seconds=30, **config):
    consumer = Consumer({**BASE, "group.id": name("reader"), "enable.auto.commit": False, **config})
    consumer.assign([TopicPartition(target, partition, start) for partition in partitions])
    messages = []
    end = time.monotonic() + seconds
    while len(messages) < count and time.monotonic() < end:
        for message in consumer.consume(1000, 0.2):
            if message.error():
                raise KafkaException(message.error())
            messages.append(message)
    consumer.close()
    equal(len(messages), count, "records read")
    return messages


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
def ordering():
    """Four partitions, 20,000 records by key: each partition in order, each key in one partition."""
    target = topic(4)
    produce(target, [{"key": b"%d" % (number % 50), "value": b"%d" % number} for number in range(20_000)],
            **{"enable.idempotence": True})
    seen = {}
    places = {}
    for message in read(target, 20_000, range(4)):
        key, number = message.key(), int(message.value())
        equal(seen.get(key, -1) < number, True, "order within a key")
        seen[key] = number
        equal(places.setdefault(key, message.partition()), message.partition(), "one partition for a key")
    equal(len(places), 50)


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


def member(group, target, stop, owned, config):
    consumer = Consumer({**BASE, "group.id": group, "auto.offset.reset": "earliest", "session.timeout.ms": 6000,
                         "heartbeat.interval.ms": 500, **config})
    consumer.subscribe([target])
    while not stop.is_set():
        consumer.consume(100, 0.1)
        owned[threading.current_thread().name] = {p.partition for p in consumer.assignment()}
    consumer.close()
    owned.pop(threading.current_thread().name, None)


def rebalance(config):
    """Three members come and go; each time every partition has one owner."""
    target, group = topic(6), name("group")
    produce(target, [{"value": b"x", "partition": number % 6} for number in range(60)])
    owned, members = {}, []

    def settled(count):
        sets = [set(value) for value in list(owned.values())]
        return len(sets) == count and all(sets) and sum(map(len, sets)) == 6 and len(set().union(*sets)) == 6

    for number in range(3):
        stop = threading.Event()
        thread = threading.Thread(target=member, name=str(number), args=(group, target, stop, owned, config))
        thread.daemon = True
        thread.start()
        members.append((thread, stop))
        until(f"{number + 1} members share the partitions: {owned}", lambda: settled(number + 1), 45)
    for number in (0, 1):
        members[number][1].set()
        members[number][0].join(30)
        until(f"{2 - number} members share the partitions: {owned}", lambda: settled(2 - number), 45)
    members[2][1].set()
    members[2][0].join(30)


@case
def rebalance_eager():
    rebalance({"partition.assignment.strategy": "range"})


@case
def rebalance_cooperative():
    rebalance({"partition.assignment.strategy": "cooperative-sticky"})


@case
def rebalance_consumer_protocol():
    """KIP-848: the broker assigns."""
    target, group = topic(6), name("group848")
    owned, members = {}, []

    def member848(stop):
        consumer = Consumer({**BASE, "group.id": group, "group.protocol": "consumer",
                             "auto.offset.reset": "earliest"})
        consumer.subscribe([target])
        while not stop.is_set():
            consumer.consume(100, 0.1)
            owned[threading.current_thread().name] = {p.partition for p in consumer.assignment()}
        consumer.close()
        owned.pop(threading.current_thread().name, None)

    def settled(count):
        sets = [set(value) for value in list(owned.values())]
        return len(sets) == count and all(sets) and sum(map(len, sets)) == 6 and len(set().union(*sets)) == 6

    for number in range(3):
        stop = threading.Event()
        thread = threading.Thread(target=member848, name=str(number), args=(stop,), daemon=True)
        thread.start()
        members.append((thread, stop))
        until(f"{number + 1} members share the partitions: {owned}", lambda: settled(number + 1), 60)
    for thread, stop in members:
        stop.set()
        thread.join(30)


@case
def static_members():
    """A static member that comes back keeps its partitions without a rebalance; a second holder fences the first."""
    target, group = topic(4), name("static")
    config = {**BASE, "group.id": group, "group.instance.id": "one", "session.timeout.ms": 30000,
              "auto.offset.reset": "earliest", "enable.auto.commit": False}
    first = Consumer(config)
    first.subscribe([target])
    until("an assignment", lambda: first.consume(1, 0.2) is not None and len(first.assignment()) == 4)
    first.close()  # A static member does not leave.
    described = admin().describe_consumer_groups([group])[group].result(20)
    equal(len(described.members), 1, "the static member stays known")
    equal(described.members[0].group_instance_id, "one")
    second = Consumer(config)
    second.subscribe([target])
    until("the same assignment", lambda: second.consume(1, 0.2) is not None and len(second.assignment()) == 4)
    third = Consumer(config)
    third.subscribe([target])
    fatal = []

    def fenced():
        third.consume(1, 0.1)
        for message in second.consume(10, 0.1):
            if message.error() and message.error().code() in (KafkaError.FENCED_INSTANCE_ID, KafkaError._FATAL):
                fatal.append(message.error())
        return fatal

    until("the first holder is fenced", fenced, 45)
    third.close()


@case
def commit_and_resume():
    target, group = topic(), name("resume")
    produce(target, [{"value": b"%d" % number} for number in range(20)])
    config = {**BASE, "group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest"}
    first = Consumer(config)
    first.subscribe([target])
    got = []
    until("ten records", lambda: got.extend(first.consume(10 - len(got), 0.2)) or len(got) >= 10)
    first.commit(offsets=[TopicPartition(target, 0, 7, "note")], asynchronous=False)
    equal(first.committed([TopicPartition(target, 0)], 20)[0].offset, 7)
    first.close()
    second = Consumer(config)
    second.subscribe([target])
    rest = []
    until("the rest", lambda: rest.extend(second.consume(100, 0.2)) or len(rest) >= 13)
    equal([int(message.value()) for message in rest], list(range(7, 20)))
    second.close()


@case
def transactions():
    """Committed records appear, aborted ones do not, and an open transaction holds read_committed readers back."""
    target = topic()
    producer = Producer({**BASE, "transactional.id": name("tx")})
    producer.init_transactions(30)
    for number in range(6):
        producer.begin_transaction()
        for part in range(5):
            producer.produce(target, b"%d" % (number * 10 + part))
        if number % 2 == 0:
            producer.commit_transaction(30)
        else:
            producer.flush(20)
            producer.abort_transaction(30)
    expected = [number * 10 + part for number in (0, 2, 4) for part in range(5)]
    committed = read(target, 15, **{"isolation.level": "read_committed"})
    equal([int(message.value()) for message in committed], expected)
    equal(len(read(target, 30, **{"isolation.level": "read_uncommitted"})), 30)
    producer.begin_transaction()
    producer.produce(target, b"open")
    producer.flush(20)
    produce(target, [{"value": b"behind"}])
    equal(len(read(target, 32, **{"isolation.level": "read_uncommitted"})), 32)
    raises(lambda e: "records read" in str(e),
           lambda: read(target, 16, seconds=2, **{"isolation.level": "read_committed"}), "behind an open transaction")
    producer.abort_transaction(30)
    equal(read(target, 16, **{"isolation.level": "read_committed"})[-1].value(), b"behind")


@case
def transaction_fencing():
    """A second producer with the id fences the first and aborts what it left open."""
    target, identity = topic(), name("fence")
    first = Producer({**BASE, "transactional.id": identity})
    first.init_transactions(30)
    first.begin_transaction()
    first.produce(target, b"zombie")
    first.flush(20)
    second = Producer({**BASE, "transactional.id": identity})
    second.init_transactions(30)
    second.begin_transaction()
    second.produce(target, b"good")
    second.commit_transaction(30)
    error = raises(lambda e: isinstance(e, KafkaException), lambda: first.commit_transaction(30), "the zombie commits")
    equal(error.args[0].fatal() or error.args[0].txn_requires_abort(), True, "the zombie's error")
    equal([message.value() for message in read(target, 1, **{"isolation.level": "read_committed"})], [b"good"])


@case
def exactly_once_loop():
    """Consume, transform, produce: offsets and records commit together."""
    source, target, group = topic(2), topic(), name("loop")
    produce(source, [{"value": b"%d" % number, "partition": number % 2} for number in range(100)])
    consumer = Consumer({**BASE, "group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest",
                         "isolation.level": "read_committed"})
    consumer.subscribe([source])
    producer = Producer({**BASE, "transactional.id": name("loop")})
    producer.init_transactions(30)
    done, attempt = 0, 0

    def step():
        nonlocal done, attempt
        messages = consumer.consume(17, 0.2)
        if not messages:
            return done >= 100
        attempt += 1
        producer.begin_transaction()
        for message in messages:
            producer.produce(target, message.value())
        positions = consumer.position(consumer.assignment())
        producer.send_offsets_to_transaction(positions, consumer.consumer_group_metadata(), 30)
        if attempt == 2:  # A transaction that fails is done again from where the group stands.
            producer.abort_transaction(30)
            for partition in consumer.committed(consumer.assignment(), 20):
                consumer.seek(TopicPartition(source, partition.partition, max(partition.offset, 0)))
        else:
            producer.commit_transaction(30)
            done += len(messages)
        return done >= 100

    until("a hundred records through", step, 60)
    consumer.close()
    values = [int(message.value()) for message in read(target, 100, **{"isolation.level": "read_committed"})]
    equal(sorted(values), list(range(100)))


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
def admin_groups():
    client = admin()
    target, group = topic(2), name("groups")
    produce(target, [{"value": b"x"}] * 10)
    consumer = Consumer({**BASE, "group.id": group, "client.id": "shop", "auto.offset.reset": "earliest"})
    consumer.subscribe([target])
    until("an assignment", lambda: consumer.consume(10, 0.2) is not None and len(consumer.assignment()) == 2)
    listed = client.list_consumer_groups(request_timeout=20).result(20).valid
    equal(group in [entry.group_id for entry in listed], True, "listed")
    described = client.describe_consumer_groups([group])[group].result(20)
    equal(described.state.name, "STABLE")
    equal([entry.client_id for entry in described.members], ["shop"])
    raises(lambda e: e.args[0].code() == KafkaError.NON_EMPTY_GROUP,
           lambda: client.delete_consumer_groups([group])[group].result(20), "has members")
    consumer.close()
    until("it is empty", lambda: client.describe_consumer_groups([group])[group].result(20).state.name == "EMPTY")
    request = ConsumerGroupTopicPartitions(group, [TopicPartition(target, 0, 3), TopicPartition(target, 1, 4)])
    client.alter_consumer_group_offsets([request])[group].result(20)
    offsets = client.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(20)
    equal({(p.partition, p.offset) for p in offsets.topic_partitions}, {(0, 3), (1, 4)})
    client.delete_consumer_groups([group])[group].result(20)
    raises(lambda e: e.args[0].code() == KafkaError.GROUP_ID_NOT_FOUND,
           lambda: client.delete_consumer_groups([group])[group].result(20), "gone")


@case
def cluster():
    described = admin().describe_cluster(request_timeout=20).result(20)
    equal(bool(described.cluster_id), True)
    equal(len(described.nodes), 1)


if __name__ == "__main__":
    run()
