package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** On which records the handler of an application fails, told beforehand by key and value, and what the application does then. */
final class Failing {
    /** One that takes no time and fails on the spot is not tried again sooner. */
    private static final long RETRY_PAUSE_MS = 1_000;
    private static final long NAP_MS = 20;

    final String onPoison;
    private final String id;
    private final long processMs;
    private final Set<List<String>> records = new HashSet<>();
    private final String dead;
    private final Map<String, String> next = new HashMap<>();
    private final Map<String, Long> afterMs = new HashMap<>();
    private String first;

    Failing(String id, JsonNode spec) {
        this.id = id;
        onPoison = spec.path("onPoison").asText("fail");
        processMs = spec.path("processMs").asLong(0);
        spec.path("fails").forEach(each -> records.add(Arrays.asList(each.get(0).asText(null), each.get(1).asText(null))));
        dead = spec.hasNonNull("side") ? spec.get("side").get("dead").asText() : null;
        first = dead;
        String before = null;
        for (JsonNode rung : spec.path("side").path("ladder")) {
            String topic = rung.get("topic").asText();
            afterMs.put(topic, rung.get("afterMs").asLong());
            if (before == null) first = topic;
            else next.put(before, topic);
            before = topic;
        }
        if (before != null) next.put(before, dead);
    }

    boolean on(ConsumerRecord<byte[], byte[]> record) {
        return !records.isEmpty() && records.contains(Arrays.asList(Host.shown(record.key()), Host.shown(record.value())));
    }

    /** It has somewhere to put what it fails on. */
    boolean hasSide() {
        return dead != null;
    }

    /** Up the ladder, and from its end to the dead letters. */
    String sideOf(String topic) {
        return next.getOrDefault(topic, first);
    }

    /** So long what lies in this topic waits. */
    long afterMs(String topic) {
        return afterMs.getOrDefault(topic, 0L);
    }

    private ObjectNode event(ConsumerRecord<byte[], byte[]> record, String how) {
        return Out.event("handler-failed", id).put("p", record.topic() + "/" + record.partition()).put("o", record.offset()).put("how", how);
    }

    void tell(ConsumerRecord<byte[], byte[]> record, String how) {
        Out.emit(event(record, how));
    }

    void tellMoved(ConsumerRecord<byte[], byte[]> record, String to) {
        Out.emit(event(record, to.equals(dead) ? "dead" : "moved").put("to", to));
    }

    /** The handler has failed. True when the application goes on behind the record; false when it is to close, and has not handled it. */
    boolean goesOn(ConsumerRecord<byte[], byte[]> record, BooleanSupplier closing) {
        switch (onPoison) {
            case "skip" -> {
                tell(record, "skipped");
                return true;
            }
            case "retry" -> {
                if (closing.getAsBoolean()) return false;
                tell(record, "again");
                while (!closing.getAsBoolean()) ConsumerHost.work(Math.min(NAP_MS, processMs > 0 ? processMs : RETRY_PAUSE_MS));
                return false;
            }
            default -> {
                end(record);
                return false;
            }
        }
    }

    /** Nobody has caught it: no farewell, no commit, and the kernel ends the connections. */
    void end(ConsumerRecord<byte[], byte[]> record) {
        tell(record, "ends");
        Out.emit(Out.event("ends", id));
        Runtime.getRuntime().halt(1);
    }
}
