"""What the scripts for confluent-kafka (librdkafka 2.16) share."""
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from suite import BOOTSTRAP, equal, name

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
