"""kafka-python 3: producers, consumers, groups, transactions, administration in pure Python."""
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import MessageSizeTooLargeError, TopicAlreadyExistsError, UnknownTopicOrPartitionError
from suite import BOOTSTRAP, case, equal, name, raises, run, until


def admin():
    return KafkaAdminClient(bootstrap_servers=BOOTSTRAP)


def topic(partitions=1):
    created = name("python")
    client = admin()
    client.create_topics([NewTopic(created, partitions, 1)])
    client.close()
    return created


def read(target, count, partitions=(0,), seconds=30, **config):
    consumer = KafkaConsumer(bootstrap_servers=BOOTSTRAP, enable_auto_commit=False, auto_offset_reset="earliest",
                             **config)
    places = [TopicPartition(target, partition) for partition in partitions]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    records, end = [], time.monotonic() + seconds
    while len(records) < count and time.monotonic() < end:
        for batch in consumer.poll(timeout_ms=200).values():
            records += batch
    consumer.close()
    equal(len(records), count, "records read")
    return records


@case
def shapes_and_ordering():
    target = topic()
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, acks="all", linger_ms=5)
    producer.send(target, key=b"k", value=b"v", headers=[("h", b"\x00")], timestamp_ms=1_700_000_000_123)
    producer.send(target, key=b"gone", value=None)
    futures = [producer.send(target, value=b"%d" % number) for number in range(500)]
    producer.flush(30)
    equal([future.get(20).offset for future in futures], list(range(2, 502)))
    producer.close()
    records = read(target, 502)
    equal((records[0].key, records[0].value, records[0].timestamp), (b"k", b"v", 1_700_000_000_123))
    equal([tuple(header) for header in records[0].headers], [("h", b"\x00")])
    equal((records[1].key, records[1].value), (b"gone", None))
    equal([int(record.value) for record in records[2:]], list(range(500)))


@case
def gzip():
    target = topic()
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, compression_type="gzip", linger_ms=20)
    for number in range(500):
        producer.send(target, value=b"%d" % number * 50)
    producer.flush(30)
    producer.close()
    equal([record.value for record in read(target, 500)], [b"%d" % number * 50 for number in range(500)])


@case
def too_large():
    target = topic()
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, max_request_size=10_000_000)
    raises(lambda e: isinstance(e, MessageSizeTooLargeError), lambda: producer.send(target, value=b"x" * 2_000_000).get(20))
    producer.close()


@case
def group_resume():
    target, group = topic(2), name("python-group")
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP)
    for number in range(100):
        producer.send(target, value=b"%d" % number, partition=number % 2)
    producer.flush(30)
    producer.close()
    seen = []
    for _ in range(2):
        consumer = KafkaConsumer(target, bootstrap_servers=BOOTSTRAP, group_id=group, auto_offset_reset="earliest",
                                 enable_auto_commit=False, max_poll_records=50)
        batch = []
        until("fifty records", lambda: batch.extend(
            record for part in consumer.poll(timeout_ms=200, max_records=50 - len(batch)).values() for record in part)
            or len(batch) >= 50)
        consumer.commit()
        consumer.close()
        seen += [int(record.value) for record in batch]
    equal(sorted(seen), list(range(100)))


@case
def seek_by_time():
    target = topic()
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP)
    for number in range(100):
        producer.send(target, value=b"%d" % number, timestamp_ms=1_700_000_000_000 + number * 1000)
    producer.flush(30)
    producer.close()
    consumer = KafkaConsumer(bootstrap_servers=BOOTSTRAP)
    place = TopicPartition(target, 0)
    equal(consumer.offsets_for_times({place: 1_700_000_050_500})[place].offset, 51)
    equal(consumer.beginning_offsets([place])[place], 0)
    equal(consumer.end_offsets([place])[place], 100)
    consumer.close()


@case
def transactions():
    target = topic()
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, transactional_id=name("python-tx"))
    producer.init_transactions()
    for number in range(4):
        producer.begin_transaction()
        producer.send(target, value=b"%d" % number)
        producer.flush(20)
        if number % 2 == 0:
            producer.commit_transaction()
        else:
            producer.abort_transaction()
    producer.close()
    equal([record.value for record in read(target, 2, isolation_level="read_committed")], [b"0", b"2"])


@case
def administration():
    client = admin()
    target = name("python-admin")
    client.create_topics([NewTopic(target, 3, 1)])
    raises(lambda e: isinstance(e, TopicAlreadyExistsError), lambda: client.create_topics([NewTopic(target, 1, 1)]))
    equal(target in client.list_topics(), True)
    client.delete_topics([target])
    until("it is gone", lambda: target not in client.list_topics())
    raises(lambda e: isinstance(e, UnknownTopicOrPartitionError), lambda: client.delete_topics([target]))
    client.close()


if __name__ == "__main__":
    run()
