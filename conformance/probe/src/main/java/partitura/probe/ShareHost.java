package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.internals.SubscriptionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A member of a share group: polls, handles record by record, acknowledges. */
final class ShareHost extends ReaderHost {
    private volatile KafkaShareConsumer<byte[], byte[]> consumer;

    ShareHost(JsonNode spec) {
        super(spec);
    }

    private boolean explicit() {
        return "explicit".equals(text(spec.get("config"), "share.acknowledgement.mode"));
    }

    @Override
    void open() {
        consumer = new KafkaShareConsumer<>(config(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.setAcknowledgementCommitCallback((offsets, failure) -> {
            ObjectNode event = Out.event("acknowledged", id);
            if (failure != null) event.put("error", Out.errorOf(failure));
            ArrayNode list = event.putArray("offsets");
            offsets.forEach((tp, of) -> of.forEach(offset -> list.addArray().add(tp.topic() + "/" + tp.partition()).add(offset)));
            Out.emit(event);
        });
        consumer.subscribe(topics());
    }

    @Override
    void turn() {
        handle(pollOnce());
    }

    @Override
    void close() {
        KafkaShareConsumer<byte[], byte[]> of = consumer;
        try {
            if (of != null) of.close();
        } finally {
            consumer = null;
        }
    }

    private ConsumerRecords<byte[], byte[]> pollOnce() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(ConsumerHost.patience(spec));
        ObjectNode event = Out.event("polled", id);
        if (!records.isEmpty()) {
            ArrayNode list = event.putArray("records");
            for (ConsumerRecord<byte[], byte[]> record : records) {
                list.addArray().add(record.topic() + "/" + record.partition()).add(record.offset()).add(-1).add(record.deliveryCount().map(Short::intValue).orElse(0));
            }
        }
        Out.emit(event);
        return records;
    }

    private void handle(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ConsumerHost.work(spec.path("processMs").asLong(0));
            AcknowledgeType type = answer(record);
            if (type == AcknowledgeType.ACCEPT && !failing.on(record)) Out.emit(handled(id, record));
            if (!explicit()) continue;
            try {
                consumer.acknowledge(record, type);
                answered(record.topic() + "/" + record.partition(), record.offset(), type);
            } catch (RuntimeException e) {
                failed("acknowledge", e, false);
            }
        }
    }

    private void answered(String partition, long offset, AcknowledgeType type) {
        Out.emit(Out.event("answered", id).put("p", partition).put("o", offset).put("as", type.toString().toLowerCase(Locale.ROOT)));
    }

    private AcknowledgeType answer(ConsumerRecord<byte[], byte[]> record) {
        String partition = record.topic() + "/" + record.partition();
        for (JsonNode each : spec.path("answers")) {
            if (explicit() && each.get("partition").asText().equals(partition) && each.get("offset").asLong() == record.offset()) return type(each.get("as").asText());
        }
        return failing.on(record) ? afterFailing(record) : AcknowledgeType.ACCEPT;
    }

    private AcknowledgeType afterFailing(ConsumerRecord<byte[], byte[]> record) {
        switch (failing.onPoison) {
            case "retry" -> {
                failing.tell(record, "released");
                return AcknowledgeType.RELEASE;
            }
            case "dead" -> {
                failing.tell(record, "rejected");
                return AcknowledgeType.REJECT;
            }
            case "skip" -> failing.tell(record, "skipped");
            default -> failing.end(record);
        }
        return AcknowledgeType.ACCEPT;
    }

    private static AcknowledgeType type(String word) {
        return AcknowledgeType.valueOf(word.toUpperCase(Locale.ROOT));
    }

    @Override
    void call(JsonNode command) {
        switch (command.get("call").asText()) {
            case "poll" -> calls.add(this::pollOnce);
            case "acknowledge" -> calls.add(() -> {
                TopicPartition tp = ConsumerHost.partition(command.get("partition").asText());
                AcknowledgeType type = type(command.get("as").asText());
                try {
                    consumer.acknowledge(tp.topic(), tp.partition(), command.get("offset").asLong(), type);
                } catch (IllegalStateException e) {
                    acknowledgeKnown(tp, command.get("offset").asLong(), type);
                }
                if (type == AcknowledgeType.ACCEPT) Out.emit(Out.event("handled", id).put("p", ConsumerHost.name(tp)).put("o", command.get("offset").asLong()));
                answered(ConsumerHost.name(tp), command.get("offset").asLong(), type);
                consumer.commitAsync();
            });
            default -> throw new IllegalArgumentException(command.toString());
        }
    }

    /** The form without a record is for records that could not be read; the others are acknowledged as they were returned. */
    private void acknowledgeKnown(TopicPartition tp, long offset, AcknowledgeType type) {
        consumer.acknowledge(new ConsumerRecord<>(tp.topic(), tp.partition(), offset, null, null), type);
    }

    private String lastAssigned = "";

    @Override
    synchronized void sample() {
        KafkaShareConsumer<byte[], byte[]> of = consumer;
        if (of == null) return;
        SubscriptionState subscriptions = (SubscriptionState) Hidden.get(of, "delegate", "subscriptions");
        if (subscriptions == null) return;
        ObjectNode assigned = Out.JSON.createObjectNode();
        for (TopicPartition tp : subscriptions.assignedPartitionsList()) assigned.putObject(ConsumerHost.name(tp));
        if (assigned.toString().equals(lastAssigned)) return;
        lastAssigned = assigned.toString();
        Out.emit((ObjectNode) Out.event("positions", id).set("of", assigned));
    }
}
