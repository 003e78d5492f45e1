"""Produces numbers until told to stop, and says which were acknowledged, while others cut connections or kill the broker.

Arguments: bootstrap servers, topic, how many records, how many in a batch, and the file for acknowledged numbers.
"""
import sys

from confluent_kafka import Producer

servers, topic, count, batch, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5]
producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 1, "acks": "all",
                     "message.timeout.ms": 120000, "retry.backoff.ms": 20, "reconnect.backoff.ms": 20,
                     "reconnect.backoff.max.ms": 500, "socket.timeout.ms": 10000, "batch.num.messages": batch})
acknowledged = open(path, "w", buffering=1, encoding="ascii")
failures = []


def delivered(error, message):
    if error:
        failures.append(str(error))
    else:
        acknowledged.write(message.value().decode() + "\n")


for number in range(count):
    while True:
        try:
            producer.produce(topic, b"%d" % number, on_delivery=delivered)
            break
        except BufferError:
            producer.poll(0.05)
    producer.poll(0.0005)
undelivered = producer.flush(120)
acknowledged.close()
print(f"undelivered={undelivered} failures={failures[:3]}")
sys.exit(1 if undelivered or failures else 0)
