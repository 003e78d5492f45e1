"""confluent-kafka (librdkafka 2.16): idempotence and transactions."""
from confluent_base import BASE, produce, read, topic
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from suite import case, equal, name, raises, run, until


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


if __name__ == "__main__":
    run()
