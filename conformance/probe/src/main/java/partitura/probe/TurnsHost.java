package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Read, process, write, in one transaction a turn: the loop of Kafka's own example of a transactional client. */
final class TurnsHost extends ProducerHost {
    private volatile KafkaConsumer<byte[], byte[]> reader;
    private final Failing failing;
    /** Partitions whose next record is not due, and from when on it is. */
    private final Map<TopicPartition, Long> paused = new HashMap<>();

    TurnsHost(JsonNode spec) {
        super(spec);
        failing = new Failing(id, spec.get("reads"));
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
        resumeDue();
        ConsumerRecords<byte[], byte[]> records = reader.poll(Duration.ofMillis(100));
        ObjectNode event = Out.event("polled", id);
        if (!records.isEmpty()) {
            ArrayNode list = event.putArray("records");
            for (ConsumerRecord<byte[], byte[]> record : records) list.addArray().add(record.topic() + "/" + record.partition()).add(record.offset()).add(record.leaderEpoch().orElse(-1));
        }
        Out.emit(event);
        List<ConsumerRecord<byte[], byte[]>> due = holdBack(records);
        if (!due.isEmpty() && !process(due)) return;
        calls.add(this::turn);
    }

    private void resumeDue() {
        paused.entrySet().removeIf(each -> {
            boolean isOurs = reader.assignment().contains(each.getKey());
            if (isOurs && each.getValue() > System.currentTimeMillis()) return false;
            if (isOurs) reader.resume(List.of(each.getKey()));
            return true;
        });
    }

    /** What of a poll is due. The rest is given back, of each partition what stands from the first that is not; its partition is paused, and polling goes on. */
    private List<ConsumerRecord<byte[], byte[]>> holdBack(ConsumerRecords<byte[], byte[]> records) {
        List<ConsumerRecord<byte[], byte[]>> due = new ArrayList<>();
        Set<TopicPartition> held = new HashSet<>();
        long now = System.currentTimeMillis();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            TopicPartition tp = new TopicPartition(record.topic(), record.partition());
            if (held.contains(tp)) continue;
            long after = failing.afterMs(record.topic());
            long wait = after == 0 ? 0 : record.timestamp() + after - now;
            if (wait <= 0) {
                due.add(record);
                continue;
            }
            held.add(tp);
            ConsumerHost.giveBack(reader, record);
            reader.pause(List.of(tp));
            paused.put(tp, now + wait);
            Out.emit(Out.event("delayed", id).put("p", ConsumerHost.name(tp)).put("o", record.offset()).put("waitMs", wait).put("afterMs", after));
        }
        return due;
    }

    /** With its own headers, and one more that says where it lay. */
    private void putAside(ConsumerRecord<byte[], byte[]> record, String to) {
        List<Header> headers = new ArrayList<>(Arrays.asList(record.headers().toArray()));
        headers.add(new RecordHeader("from", bytes(record.topic() + "/" + record.partition() + "@" + record.offset())));
        failing.tellMoved(record, to);
        send(to, copyOf(record), headers);
    }

    private static ObjectNode copyOf(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode copy = Out.JSON.createObjectNode();
        if (record.key() != null) copy.put("key", shown(record.key()));
        return copy.put("value", shown(record.value()));
    }

    private boolean process(List<ConsumerRecord<byte[], byte[]>> records) {
        boolean txn = transactional();
        try {
            if (txn) producer.beginTransaction();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            Set<TopicPartition> left = new HashSet<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TopicPartition tp = new TopicPartition(record.topic(), record.partition());
                if (left.isEmpty() && !ReaderHost.wants(id, spec.get("reads"), record)) {
                    offsets.put(tp, new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
                    continue;
                }
                if (left.isEmpty()) ConsumerHost.work(spec.get("reads").path("processMs").asLong(0));
                boolean fails = failing.on(record);
                if (!left.isEmpty() || (fails && !failing.hasSide() && !failing.goesOn(record, this::isClosing))) {
                    if (left.add(tp)) ConsumerHost.giveBack(reader, record);
                    continue;
                }
                offsets.put(tp, new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
                if (fails) {
                    if (failing.hasSide()) putAside(record, failing.sideOf(record.topic()));
                    continue;
                }
                if (!failing.hasSide()) send(spec.get("topic").asText(), copyOf(record), List.of());
                Out.emit(Out.event("handled", id).put("p", record.topic() + "/" + record.partition()).put("o", record.offset()).put("key", shown(record.key())).put("value", shown(record.value())));
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
