package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A JVM's first client takes a second to load its classes; the scenario's clock should not see it. */
final class Warm {
    private Warm() { }

    static void up(JsonNode command) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", command.get("bootstrap").asText());
        properties.put("allow.auto.create.topics", "false");
        try (Admin admin = Admin.create(properties)) {
            admin.describeCluster().nodes().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            Out.emit(Out.event("cold").put("text", String.valueOf(e)));
        }
        // Producer ids are the scenario's to give out: an idempotent one would take the first.
        properties.put("enable.idempotence", "false");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.close(Duration.ofMillis(200));
        }
        String topic = command.path("topic").asText(null);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            if (topic != null) consumer.partitionsFor(topic, Duration.ofSeconds(10));
        } catch (RuntimeException e) {
            Out.emit(Out.event("cold").put("text", String.valueOf(e)));
        }
    }
}
