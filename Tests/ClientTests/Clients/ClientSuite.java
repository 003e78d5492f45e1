import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.*;
import org.apache.kafka.common.serialization.*;

/** Apache Kafka's own clients 4.3. Arguments: bootstrap servers, then cases; none means all. One line of JSON a case. */
public class ClientSuite {
    static String servers;
    static final String RUN = Long.toHexString(new java.security.SecureRandom().nextLong() & 0xffffffffL);
    static int serial = 0;
    static Admin admin;

    interface Body { void run() throws Exception; }

    static String name(String base) { return base + "-" + RUN + "-" + serial++; }

    static void equal(Object actual, Object expected, String what) {
        if (!Objects.equals(actual, expected)) throw new AssertionError(what + ": " + actual + " is not " + expected);
    }

    static void until(String what, int seconds, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("not within " + seconds + " s: " + what);
            Thread.sleep(10);
        }
    }

    static void fails(Class<? extends Throwable> expected, Callable<?> body) throws Exception {
        try { body.call(); } catch (Throwable error) {
            Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
            if (expected.isInstance(cause)) return;
            throw new AssertionError("failed with " + cause, cause);
        }
        throw new AssertionError("it did not fail with " + expected.getSimpleName());
    }

    static Map<String, Object> base() {
        Map<String, Object> map = new HashMap<>();
        map.put("bootstrap.servers", servers);
        return map;
    }

    static Producer<byte[], byte[]> producer(Object... extra) {
        Map<String, Object> map = base();
        for (int i = 0; i < extra.length; i += 2) map.put((String) extra[i], extra[i + 1]);
        return new KafkaProducer<>(map, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Consumer<byte[], byte[]> consumer(Object... extra) {
        Map<String, Object> map = base();
        map.put("auto.offset.reset", "earliest");
        map.put("enable.auto.commit", "false");
        for (int i = 0; i < extra.length; i += 2) map.put((String) extra[i], extra[i + 1]);
        return new KafkaConsumer<>(map, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static String topic(int partitions) throws Exception {
        String topic = name("java");
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
        return topic;
    }

    static byte[] bytes(String text) { return text.getBytes(java.nio.charset.StandardCharsets.UTF_8); }

    static List<String> read(String topic, int count, Object... extra) {
        try (var consumer = consumer(extra)) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (var info : consumer.partitionsFor(topic)) partitions.add(new TopicPartition(topic, info.partition()));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<String> values = new ArrayList<>();
            long end = System.nanoTime() + 30_000_000_000L;
            while (values.size() < count && System.nanoTime() < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) values.add(new String(record.value()));
            }
            equal(values.size(), count, "records read");
            return values;
        }
    }

    static void codecs() throws Exception {
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            String topic = topic(1);
            List<String> expected = new ArrayList<>();
            try (var producer = producer("compression.type", codec, "linger.ms", 5)) {
                for (int i = 0; i < 500; i++) {
                    expected.add((i + "-").repeat(50));
                    producer.send(new ProducerRecord<>(topic, bytes(expected.get(i))));
                }
            }
            equal(read(topic, 500), expected, codec);
        }
    }

    static void shapes() throws Exception {
        String topic = topic(1);
        try (var producer = producer()) {
            var record = new ProducerRecord<>(topic, 0, 1_700_000_000_123L, bytes("k"), bytes("v"));
            record.headers().add("a", new byte[] {0, -1}).add("a", null);
            var metadata = producer.send(record).get();
            equal(metadata.offset(), 0L, "offset");
            producer.send(new ProducerRecord<>(topic, 0, bytes("gone"), null)).get();
            fails(RecordTooLargeException.class, () -> {
                try (var large = producer("max.request.size", 20_000_000)) {
                    return large.send(new ProducerRecord<>(topic, new byte[5_000_000])).get();
                }
            });
        }
        try (var consumer = consumer()) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            until("two records", 30, () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= 2;
            });
            equal(records.get(0).timestamp(), 1_700_000_000_123L, "timestamp");
            equal(records.get(0).headers().toArray().length, 2, "headers");
            equal(records.get(1).value(), null, "tombstone");
            equal(consumer.endOffsets(List.of(partition)).get(partition), 2L, "end");
            equal(consumer.offsetsForTimes(Map.of(partition, 1L)).get(partition).offset(), 0L, "time");
        }
    }

    static void group(Object... extra) throws Exception {
        String topic = topic(6), group = name("group");
        try (var producer = producer()) {
            for (int i = 0; i < 60; i++) producer.send(new ProducerRecord<>(topic, i % 6, null, bytes("" + i)));
        }
        Map<Integer, Set<Integer>> owned = new ConcurrentHashMap<>();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        Set<Integer> stopped = ConcurrentHashMap.newKeySet();
        for (int number = 0; number < 3; number++) {
            int member = number;
            Thread thread = new Thread(() -> {
                List<Object> options = new ArrayList<>(List.of("group.id", group));
                options.addAll(List.of(extra));
                try (var consumer = consumer(options.toArray())) {
                    consumer.subscribe(List.of(topic));
                    while (!stopped.contains(member)) {
                        for (var record : consumer.poll(Duration.ofMillis(50))) seen.add(new String(record.value()));
                        // Under way to another assignment a commit is refused; the next one says the same.
                        try { consumer.commitSync(); } catch (RebalanceInProgressException error) { continue; }
                        Set<Integer> mine = new HashSet<>();
                        for (var partition : consumer.assignment()) mine.add(partition.partition());
                        owned.put(member, mine);
                    }
                } catch (Throwable error) { errors.add(error); }
                owned.remove(member);
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
            int count = number + 1;
            until(count + " members share the partitions", 60, () -> {
                if (!errors.isEmpty()) throw new AssertionError(errors.get(0));
                Set<Integer> all = new HashSet<>();
                int sum = 0;
                for (var mine : owned.values()) { all.addAll(mine); sum += mine.size(); }
                return owned.size() == count && sum == 6 && all.size() == 6
                    && owned.values().stream().noneMatch(Set::isEmpty);
            });
        }
        until("everything was read", 30, () -> seen.size() == 60);
        stopped.addAll(List.of(0, 1, 2));
        for (Thread thread : threads) thread.join(30_000);
        equal(errors, List.of(), "errors");
        equal(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
            .mapToLong(OffsetAndMetadata::offset).sum(), 60L, "committed");
    }

    static void transactions() throws Exception {
        String source = topic(1), target = topic(1), group = name("loop");
        try (var producer = producer()) {
            for (int i = 0; i < 100; i++) producer.send(new ProducerRecord<>(source, bytes("" + i)));
        }
        try (var consumer = consumer("group.id", group, "isolation.level", "read_committed", "max.poll.records", 13);
             var producer = producer("transactional.id", name("tx"))) {
            producer.initTransactions();
            consumer.subscribe(List.of(source));
            int done = 0, attempt = 0;
            long end = System.nanoTime() + 60_000_000_000L;
            while (done < 100 && System.nanoTime() < end) {
                var records = consumer.poll(Duration.ofMillis(200));
                if (records.isEmpty()) continue;
                producer.beginTransaction();
                long next = 0;
                for (var record : records) {
                    producer.send(new ProducerRecord<>(target, record.value()));
                    next = record.offset() + 1;
                }
                var partition = new TopicPartition(source, 0);
                producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(next)), consumer.groupMetadata());
                if (attempt++ == 1) {
                    producer.abortTransaction();
                    var committed = consumer.committed(Set.of(partition)).get(partition);
                    consumer.seek(partition, committed == null ? 0 : committed.offset());
                } else {
                    producer.commitTransaction();
                    done += records.count();
                }
            }
            equal(done, 100, "records through");
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) expected.add("" + i);
        equal(read(target, 100, "isolation.level", "read_committed"), expected, "committed");
        String identity = name("fence");
        try (var first = producer("transactional.id", identity); var second = producer("transactional.id", identity)) {
            first.initTransactions();
            first.beginTransaction();
            first.send(new ProducerRecord<>(target, bytes("zombie"))).get();
            second.initTransactions();
            try {
                first.commitTransaction();
                throw new AssertionError("the zombie committed");
            } catch (ProducerFencedException | InvalidProducerEpochException expectedError) { }
        }
    }

    static void administration() throws Exception {
        equal(admin.describeCluster().nodes().get().size(), 1, "nodes");
        equal(admin.describeCluster().clusterId().get() != null, true, "cluster id");
        String topic = topic(2);
        fails(TopicExistsException.class,
            () -> admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get());
        equal(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size(), 2, "partitions");
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(
            new AlterConfigOp(new ConfigEntry("retention.ms", "777000"), AlterConfigOp.OpType.SET)))).all().get();
        equal(admin.describeConfigs(List.of(resource)).all().get().get(resource).get("retention.ms").value(), "777000",
            "retention");
        fails(InvalidConfigurationException.class, () -> admin.incrementalAlterConfigs(Map.of(resource, List.of(
            new AlterConfigOp(new ConfigEntry("no.such", "1"), AlterConfigOp.OpType.SET)))).all().get());
        try (var producer = producer()) {
            for (int i = 0; i < 10; i++) producer.send(new ProducerRecord<>(topic, 0, null, bytes("x"))).get();
        }
        var partition = new TopicPartition(topic, 0);
        equal(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4))).lowWatermarks().get(partition).get()
            .lowWatermark(), 4L, "low watermark");
        var offsets = admin.listOffsets(Map.of(partition, OffsetSpec.earliest())).all().get();
        equal(offsets.get(partition).offset(), 4L, "earliest");
        equal(admin.describeLogDirs(List.of(1, 0).subList(0, 1)).descriptions().size(), 1, "log directories");
        admin.deleteTopics(List.of(topic)).all().get();
        fails(UnknownTopicOrPartitionException.class, () -> admin.deleteTopics(List.of(topic)).all().get());
    }

    static void groupAdministration() throws Exception {
        String topic = topic(1), group = name("admin-group");
        var partition = new TopicPartition(topic, 0);
        try (var producer = producer()) { producer.send(new ProducerRecord<>(topic, bytes("x"))).get(); }
        admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(1, "m"))).all().get();
        equal(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(partition).offset(), 1L, "set");
        until("it is listed", 20, () -> {
            try {
                return admin.listGroups().all().get().stream().anyMatch(listing -> listing.groupId().equals(group));
            } catch (Exception error) { throw new RuntimeException(error); }
        });
        equal(admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().size(), 0, "members");
        admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get();
        equal(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(partition), null, "deleted");
        admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(0))).all().get();
        admin.deleteConsumerGroups(List.of(group)).all().get();
        fails(GroupIdNotFoundException.class, () -> admin.deleteConsumerGroups(List.of(group)).all().get());
    }

    public static void main(String[] arguments) throws Exception {
        servers = arguments[0];
        admin = Admin.create(base());
        Map<String, Body> cases = new LinkedHashMap<>();
        cases.put("codecs", ClientSuite::codecs);
        cases.put("shapes", ClientSuite::shapes);
        cases.put("administration", ClientSuite::administration);
        cases.put("group-eager", () -> group("partition.assignment.strategy", RangeAssignor.class.getName()));
        cases.put("group-cooperative", () -> group("partition.assignment.strategy",
            CooperativeStickyAssignor.class.getName()));
        cases.put("group-consumer-protocol", () -> group("group.protocol", "consumer"));
        cases.put("group-administration", ClientSuite::groupAdministration);
        cases.put("transactions", ClientSuite::transactions);
        List<String> wanted = arguments.length > 1 ? List.of(arguments).subList(1, arguments.length)
            : new ArrayList<>(cases.keySet());
        boolean isGood = true;
        for (String wantedCase : wanted) {
            long started = System.nanoTime();
            String detail = "";
            try { cases.get(wantedCase).run(); } catch (Throwable error) {
                isGood = false;
                StringBuilder places = new StringBuilder();
                for (var frame : error.getStackTrace()) {
                    if (frame.getClassName().startsWith("ClientSuite")) places.append(" at ").append(frame.getLineNumber());
                }
                detail = (error + places.toString()).replaceAll("[^\\x20-\\x7e]", " ").replace("\\", "/").replace("\"", "'");
            }
            System.out.printf(Locale.ROOT, "{\"case\":\"%s\",\"ok\":%b,\"seconds\":%.3f,\"detail\":\"%s\"}%n", wantedCase,
                detail.isEmpty(), (System.nanoTime() - started) / 1e9, detail.substring(0, Math.min(detail.length(), 900)));
        }
        System.out.flush();
        Runtime.getRuntime().halt(isGood ? 0 : 1);
    }
}
