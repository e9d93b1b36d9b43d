package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Read, process, write, in one transaction a turn: the loop of Kafka's own example of a transactional client. */
final class TurnsHost extends ProducerHost {
    private volatile KafkaConsumer<byte[], byte[]> reader;

    TurnsHost(JsonNode spec) {
        super(spec);
    }

    @Override
    void opened() {
        Properties properties = new Properties();
        spec.get("reads").get("config").fields().forEachRemaining(each -> properties.put(each.getKey(), each.getValue().asText()));
        properties.put("bootstrap.servers", spec.get("bootstrap").asText());
        properties.put("client.id", id);
        reader = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<String> topics = new ArrayList<>();
        spec.get("reads").get("topics").forEach(topic -> topics.add(topic.asText()));
        reader.subscribe(topics);
        calls.add(this::turn);
    }

    private void turn() {
        if (!running) return;
        ConsumerRecords<byte[], byte[]> records = reader.poll(Duration.ofMillis(100));
        ObjectNode event = Out.event("polled", id);
        if (!records.isEmpty()) {
            ArrayNode list = event.putArray("records");
            for (ConsumerRecord<byte[], byte[]> record : records) list.addArray().add(record.topic() + "/" + record.partition()).add(record.offset()).add(record.leaderEpoch().orElse(-1));
        }
        Out.emit(event);
        if (!records.isEmpty() && !process(records)) return;
        calls.add(this::turn);
    }

    private boolean process(ConsumerRecords<byte[], byte[]> records) {
        boolean txn = transactional();
        try {
            if (txn) producer.beginTransaction();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                ConsumerHost.work(spec.get("reads").path("processMs").asLong(0));
                ObjectNode copy = Out.JSON.createObjectNode();
                if (record.key() != null) copy.put("key", shown(record.key()));
                copy.put("value", shown(record.value()));
                send(spec.get("topic").asText(), copy);
                Out.emit(Out.event("handled", id).put("p", record.topic() + "/" + record.partition()).put("o", record.offset()).put("key", shown(record.key())).put("value", shown(record.value())));
                offsets.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
            }
            if (txn) {
                producer.sendOffsetsToTransaction(offsets, reader.groupMetadata());
                producer.commitTransaction();
            } else {
                producer.flush();
                reader.commitSync(offsets);
            }
            return true;
        } catch (ProducerFencedException | FencedInstanceIdException e) {
            failed("turn", e, true);
            running = false;
            tell("fatalError");
            return false;
        } catch (RuntimeException e) {
            failed("turn", e, false);
            if (txn && !(e instanceof InvalidProducerEpochException && e.getCause() instanceof ProducerFencedException)) guarded("abortTransaction", () -> producer.abortTransaction());
            Map<TopicPartition, OffsetAndMetadata> committed = reader.committed(reader.assignment());
            for (TopicPartition tp : reader.assignment()) {
                OffsetAndMetadata at = committed.get(tp);
                if (at != null) reader.seek(tp, at);
                else reader.seekToBeginning(List.of(tp));
            }
            return true;
        }
    }

    @Override
    void close() {
        if (reader != null) reader.close();
        super.close();
    }
}
