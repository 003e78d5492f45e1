"""confluent-kafka (librdkafka 2.16): groups in each protocol, static members, offsets."""
import threading

from confluent_base import BASE, admin, produce, topic
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, TopicPartition
from suite import case, equal, name, raises, run, until


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


if __name__ == "__main__":
    run()
