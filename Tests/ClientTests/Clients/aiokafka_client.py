"""aiokafka 0.14, which uses the oldest versions of every request: the canary for what the broker still accepts."""
import asyncio

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from suite import BOOTSTRAP, case, equal, name, run


async def topic(partitions=1):
    created = name("aio")
    client = AIOKafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    await client.start()
    await client.create_topics([NewTopic(created, partitions, 1)])
    await client.close()
    return created


async def read(target, count, seconds=30, **config):
    consumer = AIOKafkaConsumer(target, bootstrap_servers=BOOTSTRAP, auto_offset_reset="earliest", **config)
    await consumer.start()
    records = []
    try:
        async with asyncio.timeout(seconds):
            while len(records) < count:
                for batch in (await consumer.getmany(timeout_ms=200)).values():
                    records += batch
    finally:
        await consumer.stop()
    equal(len(records), count, "records read")
    return records


@case
async def produce_and_consume():
    target = await topic()
    async with AIOKafkaProducer(bootstrap_servers=BOOTSTRAP, enable_idempotence=True) as producer:
        first = await producer.send_and_wait(target, b"v", key=b"k", headers=[("h", b"1")],
                                             timestamp_ms=1_700_000_000_123)
        equal(first.offset, 0)
        await producer.send_and_wait(target, None, key=b"gone")
        for number in range(300):
            await producer.send(target, b"%d" % number)
        await producer.flush()
    records = await read(target, 302)
    equal((records[0].key, records[0].value, records[0].timestamp, records[0].headers),
          (b"k", b"v", 1_700_000_000_123, (("h", b"1"),)))
    equal((records[1].key, records[1].value), (b"gone", None))
    equal([int(record.value) for record in records[2:]], list(range(300)))


@case
async def codecs():
    for codec in ("gzip", None):
        target = await topic()
        async with AIOKafkaProducer(bootstrap_servers=BOOTSTRAP, compression_type=codec) as producer:
            await asyncio.gather(*[await producer.send(target, b"%d" % number * 30) for number in range(200)])
        equal([record.value for record in await read(target, 200)], [b"%d" % number * 30 for number in range(200)])


@case
async def group_resume():
    target, group = await topic(2), name("aio-group")
    async with AIOKafkaProducer(bootstrap_servers=BOOTSTRAP) as producer:
        for number in range(60):
            await producer.send_and_wait(target, b"%d" % number, partition=number % 2)
    seen = []
    for _ in range(2):
        consumer = AIOKafkaConsumer(target, bootstrap_servers=BOOTSTRAP, group_id=group, enable_auto_commit=False,
                                    auto_offset_reset="earliest", session_timeout_ms=6000)
        await consumer.start()
        got = []
        async with asyncio.timeout(40):
            while len(got) < 30:
                for batch in (await consumer.getmany(timeout_ms=200, max_records=30 - len(got))).values():
                    got += batch
        await consumer.commit()
        await consumer.stop()
        seen += [int(record.value) for record in got]
    equal(sorted(seen), list(range(60)))


@case
async def rebalance():
    """Three members of one group share six partitions."""
    target, group = await topic(6), name("aio-rebalance")
    consumers = []
    for number in range(3):
        consumer = AIOKafkaConsumer(target, bootstrap_servers=BOOTSTRAP, group_id=group, session_timeout_ms=6000,
                                    heartbeat_interval_ms=500, client_id=f"member-{number}")
        await consumer.start()
        consumers.append(consumer)
    async with asyncio.timeout(60):
        while sorted(len(consumer.assignment()) for consumer in consumers) != [2, 2, 2]:
            await asyncio.gather(*[consumer.getmany(timeout_ms=100) for consumer in consumers])
    owned = set().union(*[consumer.assignment() for consumer in consumers])
    equal(owned, {TopicPartition(target, number) for number in range(6)})
    await asyncio.gather(*[consumer.stop() for consumer in consumers])


@case
async def transactions():
    target = await topic()
    producer = AIOKafkaProducer(bootstrap_servers=BOOTSTRAP, transactional_id=name("aio-tx"))
    await producer.start()
    for number in range(4):
        await producer.begin_transaction()
        await producer.send_and_wait(target, b"%d" % number)
        if number % 2 == 0:
            await producer.commit_transaction()
        else:
            await producer.abort_transaction()
    await producer.stop()
    records = await read(target, 2, isolation_level="read_committed")
    equal([record.value for record in records], [b"0", b"2"])


@case
async def exactly_once_loop():
    source, target, group = await topic(), await topic(), name("aio-loop")
    async with AIOKafkaProducer(bootstrap_servers=BOOTSTRAP) as producer:
        for number in range(40):
            await producer.send(source, b"%d" % number)
        await producer.flush()
    consumer = AIOKafkaConsumer(source, bootstrap_servers=BOOTSTRAP, group_id=group, enable_auto_commit=False,
                                auto_offset_reset="earliest", isolation_level="read_committed")
    await consumer.start()
    producer = AIOKafkaProducer(bootstrap_servers=BOOTSTRAP, transactional_id=name("aio-loop"))
    await producer.start()
    done = 0
    async with asyncio.timeout(60):
        while done < 40:
            for place, batch in (await consumer.getmany(timeout_ms=200, max_records=11)).items():
                async with producer.transaction():
                    for record in batch:
                        await producer.send(target, record.value)
                    await producer.send_offsets_to_transaction({place: batch[-1].offset + 1}, group)
                done += len(batch)
    # Offsets count once the transaction's marker is written, which the end of a transaction does not wait for.
    async with asyncio.timeout(20):
        while await consumer.committed(TopicPartition(source, 0)) != 40:
            await asyncio.sleep(0.01)
    await consumer.stop()
    await producer.stop()
    values = [int(record.value) for record in await read(target, 40, isolation_level="read_committed")]
    equal(values, list(range(40)))


if __name__ == "__main__":
    run()
