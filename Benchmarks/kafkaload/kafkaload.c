/* Loads a Kafka broker through librdkafka and prints what it took, as JSON.
 *
 *   kafkaload produce  BROKERS TOPIC COUNT SIZE [PROPERTY=VALUE ...]
 *   kafkaload consume  BROKERS TOPIC COUNT SIZE [PROPERTY=VALUE ...]
 *   kafkaload latency  BROKERS TOPIC COUNT SIZE RATE [PROPERTY=VALUE ...]
 *
 * produce waits for every acknowledgement; consume reads partition 0 from its beginning; latency produces at a steady
 * rate from one client and reads with another, and prints percentiles of the time between.
 */
#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void die(const char *what, const char *why) {
    fprintf(stderr, "kafkaload: %s: %s\n", what, why);
    exit(1);
}

static int64_t delivered, failed;

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client;
    (void)opaque;
    if (message->err) {
        if (failed++ == 0) fprintf(stderr, "kafkaload: delivery failed: %s\n", rd_kafka_err2str(message->err));
    } else {
        delivered++;
    }
}

static rd_kafka_t *make(rd_kafka_type_t type, const char *brokers, int count, char **properties) {
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, NULL, 0);
    if (type == RD_KAFKA_PRODUCER) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
        rd_kafka_conf_set(conf, "queue.buffering.max.messages", "1000000", NULL, 0);
        rd_kafka_conf_set(conf, "queue.buffering.max.kbytes", "1048576", NULL, 0);
    } else {
        rd_kafka_conf_set(conf, "group.id", "kafkaload", NULL, 0);
    }
    for (int i = 0; i < count; i++) {
        char *equals = strchr(properties[i], '=');
        if (!equals) die("not a property", properties[i]);
        *equals = 0;
        if (rd_kafka_conf_set(conf, properties[i], equals + 1, text, sizeof text) != RD_KAFKA_CONF_OK)
            fprintf(stderr, "kafkaload: ignored here: %s\n", text);
        *equals = '=';
    }
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof text);
    if (!client) die("cannot make a client", text);
    return client;
}

static void report(int64_t count, int64_t size, int64_t started, int64_t first) {
    double seconds = (now_ns() - started) / 1e9;
    double steady = first ? (now_ns() - first) / 1e9 : seconds;
    printf("{\"messages\": %lld, \"seconds\": %.3f, \"steady_seconds\": %.3f, \"messages_per_s\": %.0f, "
           "\"mb_per_s\": %.2f}\n",
           (long long)count, seconds, steady, count / steady, count * (double)size / 1e6 / steady);
}

static void produce(const char *brokers, const char *name, int64_t count, int64_t size, int n, char **properties) {
    rd_kafka_t *client = make(RD_KAFKA_PRODUCER, brokers, n, properties);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
    char *value = malloc(size);
    uint32_t seed = 1;
    for (int64_t i = 0; i < size; i++) value[i] = 'a' + (seed = seed * 1664525 + 1013904223) % 26;
    const struct rd_kafka_metadata *metadata;
    rd_kafka_metadata(client, 0, topic, &metadata, 10000);
    rd_kafka_metadata_destroy(metadata);
    int64_t started = now_ns();
    for (int64_t i = 0; i < count; i++) {
        while (rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, value, size, NULL, 0, NULL) == -1) {
            if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
                die("produce", rd_kafka_err2str(rd_kafka_last_error()));
            rd_kafka_poll(client, 10);
        }
        if (i % 1000 == 0) rd_kafka_poll(client, 0);
    }
    rd_kafka_flush(client, 600000);
    if (failed || delivered != count) die("produce", "not every message was acknowledged");
    report(count, size, started, 0);
}

static void consume(const char *brokers, const char *name, int64_t count, int64_t size, int n, char **properties) {
    rd_kafka_t *client = make(RD_KAFKA_CONSUMER, brokers, n, properties);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
    rd_kafka_message_t **batch = malloc(10000 * sizeof *batch);
    int64_t started = now_ns(), first = 0, got = 0;
    if (rd_kafka_consume_start(topic, 0, RD_KAFKA_OFFSET_BEGINNING) == -1)
        die("consume", rd_kafka_err2str(rd_kafka_last_error()));
    while (got < count) {
        /* Asking for more than there will be would wait for the time-out at the end. */
        size_t wanted = count - got < 1000 ? (size_t)(count - got) : 1000;
        ssize_t taken = rd_kafka_consume_batch(topic, 0, 1000, batch, wanted);
        if (taken < 0) die("consume", rd_kafka_err2str(rd_kafka_last_error()));
        for (ssize_t i = 0; i < taken; i++) {
            if (batch[i]->err) die("consume", rd_kafka_message_errstr(batch[i]));
            if ((int64_t)batch[i]->len != size) die("consume", "a message of another size");
            if (!first) first = now_ns();
            got++;
            rd_kafka_message_destroy(batch[i]);
        }
    }
    report(got, size, started, first);
    rd_kafka_consume_stop(topic, 0);
}

struct reader {
    rd_kafka_topic_t *topic;
    int64_t count;
    int64_t *latencies;
};

static void *read_latencies(void *argument) {
    struct reader *reader = argument;
    for (int64_t got = 0; got < reader->count;) {
        rd_kafka_message_t *message = rd_kafka_consume(reader->topic, 0, 1000);
        if (!message) continue;
        if (!message->err) {
            int64_t sent;
            memcpy(&sent, message->payload, sizeof sent);
            reader->latencies[got++] = now_ns() - sent;
        }
        rd_kafka_message_destroy(message);
    }
    return NULL;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void latency(const char *brokers, const char *name, int64_t count, int64_t size, int64_t rate, int n,
                    char **properties) {
    rd_kafka_t *producer = make(RD_KAFKA_PRODUCER, brokers, n, properties);
    rd_kafka_t *consumer = make(RD_KAFKA_CONSUMER, brokers, n, properties);
    rd_kafka_topic_t *out = rd_kafka_topic_new(producer, name, NULL);
    rd_kafka_topic_t *in = rd_kafka_topic_new(consumer, name, NULL);
    const struct rd_kafka_metadata *metadata;
    rd_kafka_metadata(producer, 0, out, &metadata, 10000);
    rd_kafka_metadata_destroy(metadata);
    struct reader reader = {in, count, calloc(count, sizeof(int64_t))};
    if (rd_kafka_consume_start(in, 0, RD_KAFKA_OFFSET_END) == -1)
        die("latency", rd_kafka_err2str(rd_kafka_last_error()));
    pthread_t thread;
    pthread_create(&thread, NULL, read_latencies, &reader);
    /* The reader has found the topic's end once it waits in a fetch. */
    struct timespec settle = {2, 0};
    nanosleep(&settle, NULL);
    char *value = calloc(1, size < 8 ? 8 : size);
    int64_t started = now_ns();
    for (int64_t i = 0; i < count; i++) {
        int64_t due = started + i * 1000000000 / rate;
        while (now_ns() < due) {
            int64_t rest = due - now_ns();
            struct timespec pause = {0, rest > 50000 ? rest - 30000 : 1000};
            nanosleep(&pause, NULL);
        }
        int64_t sent = now_ns();
        memcpy(value, &sent, sizeof sent);
        if (rd_kafka_produce(out, 0, RD_KAFKA_MSG_F_COPY, value, size, NULL, 0, NULL) == -1)
            die("latency", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_poll(producer, 0);
    }
    rd_kafka_flush(producer, 60000);
    pthread_join(thread, NULL);
    qsort(reader.latencies, count, sizeof(int64_t), compare);
    printf("{\"messages\": %lld, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"p999_ms\": %.3f, \"max_ms\": %.3f}\n",
           (long long)count, reader.latencies[count / 2] / 1e6, reader.latencies[count * 99 / 100] / 1e6,
           reader.latencies[count * 999 / 1000] / 1e6, reader.latencies[count - 1] / 1e6);
}

int main(int argc, char **argv) {
    if (argc < 6) die("usage", "kafkaload produce|consume|latency BROKERS TOPIC COUNT SIZE [RATE] [PROPERTY=VALUE ...]");
    int64_t count = atoll(argv[4]), size = atoll(argv[5]);
    if (count < 1 || size < 1) die("usage", "COUNT and SIZE are positive numbers");
    if (!strcmp(argv[1], "produce")) {
        produce(argv[2], argv[3], count, size, argc - 6, argv + 6);
    } else if (!strcmp(argv[1], "consume")) {
        consume(argv[2], argv[3], count, size, argc - 6, argv + 6);
    } else if (!strcmp(argv[1], "latency") && argc > 6 && atoll(argv[6]) > 0) {
        latency(argv[2], argv[3], count, size, atoll(argv[6]), argc - 7, argv + 7);
    } else {
        die("usage", "the first argument is produce, consume or latency");
    }
    fflush(stdout);
    _Exit(0);
}
