import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Cases that the Java clients must pass against a broker: run by Scripts/kafka-clients --java. */
public final class KafkaClients {
    private static void expect(Object found, Object wanted) {
        if (!wanted.equals(found)) throw new AssertionError(found + " instead of " + wanted);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void expectRefusal(Class<?> kind, Step step) throws Exception {
        try {
            step.run();
        } catch (ExecutionException error) {
            expect(error.getCause().getClass(), kind);
            return;
        }
        throw new AssertionError(kind + " was expected");
    }

    private static void administer(Admin admin) throws Exception {
        String name = "java-" + UUID.randomUUID();
        var wanted = new NewTopic(name, 3, (short) 1).configs(Map.of("cleanup.policy", "compact"));
        var created = admin.createTopics(List.of(wanted));
        expect(created.numPartitions(name).get(), 3);
        expect(created.config(name).get().get("cleanup.policy").value(), "compact");
        expect(admin.describeTopics(List.of(name)).allTopicNames().get().get(name).partitions().size(), 3);
        var cluster = admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));
        expect(cluster.clusterId().get().length(), 22);
        expect(cluster.controller().get().id(), 1);
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var append = new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.APPEND);
        admin.incrementalAlterConfigs(Map.of(topic, List.of(append))).all().get();
        expect(admin.describeConfigs(List.of(topic)).all().get().get(topic).get("cleanup.policy").value(),
            "compact,delete");
        var broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        var set = new AlterConfigOp(new ConfigEntry("num.partitions", "2"), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(broker, List.of(set))).all().get();
        expect(admin.describeConfigs(List.of(broker)).all().get().get(broker).get("num.partitions").value(), "2");
        var unset = new AlterConfigOp(new ConfigEntry("num.partitions", ""), AlterConfigOp.OpType.DELETE);
        admin.incrementalAlterConfigs(Map.of(broker, List.of(unset))).all().get();
        var fixed = new AlterConfigOp(new ConfigEntry("node.id", "2"), AlterConfigOp.OpType.SET);
        expectRefusal(InvalidConfigurationException.class,
            () -> admin.incrementalAlterConfigs(Map.of(broker, List.of(fixed))).all().get());
        admin.createPartitions(Map.of(name, NewPartitions.increaseTo(5))).all().get();
        expectRefusal(InvalidPartitionsException.class,
            () -> admin.createPartitions(Map.of(name, NewPartitions.increaseTo(4))).all().get());
        expect(admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).size(), 1);
        expect(admin.describeFeatures().featureMetadata().get().finalizedFeatures().containsKey("metadata.version"), true);
        expect(admin.listPartitionReassignments().reassignments().get().size(), 0);
        expect(admin.electLeaders(ElectionType.PREFERRED, null).partitions().get().size(), 0);
        admin.deleteTopics(List.of(name)).all().get();
    }

    private static void records(String brokers, Admin admin) throws Exception {
        String name = "java-" + UUID.randomUUID();
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            var properties = new Properties();
            properties.put("bootstrap.servers", brokers);
            properties.put("enable.idempotence", "false");
            properties.put("compression.type", codec);
            try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    byte[] value = i % 7 == 0 ? null : ("v" + i).getBytes();
                    sent.add(producer.send(new ProducerRecord<>(name, ("k" + i).getBytes(), value)));
                }
                for (var future : sent) future.get();
            }
        }
        var properties = new Properties();
        properties.put("bootstrap.servers", brokers);
        properties.put("isolation.level", "read_committed");
        var partition = new TopicPartition(name, 0);
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            int count = 0;
            long deadline = System.currentTimeMillis() + 60_000;
            while (count < 5000 && System.currentTimeMillis() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    int number = count++ % 1000;
                    expect(new String(record.key()), "k" + number);
                    expect(record.value() == null, number % 7 == 0);
                }
            }
            expect(count, 5000);
            expect(consumer.endOffsets(List.of(partition)).get(partition), 5000L);
            expect(consumer.offsetsForTimes(Map.of(partition, 0L)).get(partition).offset(), 0L);
        }
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(10))).all().get();
        expect(admin.listOffsets(Map.of(partition, OffsetSpec.earliest())).all().get().get(partition).offset(), 10L);
        admin.deleteTopics(List.of(name)).all().get();
    }

    public static void main(String[] arguments) throws Exception {
        var properties = new Properties();
        properties.put("bootstrap.servers", arguments[0]);
        try (var admin = Admin.create(properties)) {
            administer(admin);
            System.out.println("ok      java_admin");
            records(arguments[0], admin);
            System.out.println("ok      java_records");
        }
    }
}
