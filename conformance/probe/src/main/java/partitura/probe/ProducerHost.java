package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.Metadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/** A producer: plain, idempotent or transactional. What the scenario leaves open (keys, values) is made up as the simulator makes it up. */
class ProducerHost extends Host {
    volatile KafkaProducer<byte[], byte[]> producer;
    private Thread thread;
    private Thread ticking;
    private volatile boolean closing;
    int number;
    private String lastState = "";
    private final Map<TopicPartition, String> lastBelief = new HashMap<>();
    private final Map<String, Integer> turns = new HashMap<>();

    ProducerHost(JsonNode spec) {
        super(spec);
        number = spec.path("before").asInt(0);
    }

    boolean transactional() {
        return spec.get("config").has("transactional.id");
    }

    @Override
    synchronized void start() {
        if (running) return;
        running = true;
        closing = false;
        thread = new Thread(this::work, "app-" + id);
        thread.start();
        if (spec.hasNonNull("everyMicros")) {
            ticking = new Thread(this::tick, "rate-" + id);
            ticking.start();
        }
    }

    private void work() {
        try {
            Properties properties = config();
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            Spy.on(Hidden.get(producer, "sender"), id);
            if (transactional()) guarded("initTransactions", () -> producer.initTransactions());
            tell("ready");
            opened();
        } catch (RuntimeException e) {
            running = false;
            failed("new", e, true);
            tell("fatalError");
            return;
        }
        while (true) {
            try {
                Runnable call = calls.take();
                if (call == STOP) break;
                call.run();
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                failed("call", e, false);
            }
        }
        close();
    }

    /** For the one that also reads. */
    void opened() { }

    private static final Runnable STOP = () -> { };

    void close() {
        producer.close();
        sample();
        running = false;
        tell("stopped");
    }

    /** Evenly: the n-th call falls due at start + n x per / count; calls that a blocked thread could not make are not made up for. */
    private void tick() {
        long began = System.nanoTime();
        long every = spec.get("everyMicros").asLong() * 1_000L;
        for (long n = 0; !closing; n++) {
            long wait = began + n * every - System.nanoTime();
            try {
                if (wait > 0) Thread.sleep(wait / 1_000_000L, (int) (wait % 1_000_000L));
            } catch (InterruptedException e) {
                return;
            }
            if (closing) return;
            if (calls.isEmpty()) calls.add(() -> send(spec.get("topic").asText(), Out.JSON.createObjectNode()));
        }
    }

    boolean isClosing() {
        return closing;
    }

    @Override
    void stop() {
        closing = true;
        if (ticking != null) ticking.interrupt();
        if (running) calls.add(STOP);
        else tell("stopped");
    }

    @Override
    void call(JsonNode command) {
        switch (command.get("call").asText()) {
            case "send" -> command.get("records").forEach(record -> calls.add(() -> send(Host.text(command, "topic") == null ? spec.get("topic").asText() : command.get("topic").asText(), record)));
            case "flush" -> calls.add(() -> producer.flush());
            case "beginTransaction" -> calls.add(() -> guarded("beginTransaction", () -> producer.beginTransaction()));
            case "commitTransaction" -> calls.add(() -> guarded("commitTransaction", () -> producer.commitTransaction()));
            case "abortTransaction" -> calls.add(() -> guarded("abortTransaction", () -> producer.abortTransaction()));
            default -> throw new IllegalArgumentException(command.toString());
        }
        start();
    }

    boolean guarded(String call, Runnable body) {
        ObjectNode done = Out.event("called", id).put("call", call);
        try {
            body.run();
            Out.emit(done.put("took", Out.micros() - done.get("at").asLong()));
            sample();
            return true;
        } catch (RuntimeException e) {
            sample();
            failed(call, e, false);
            return false;
        }
    }

    void send(String topic, JsonNode record) {
        send(topic, record, java.util.Arrays.asList(headers(record)));
    }

    void send(String topic, JsonNode record, List<Header> headers) {
        int n = ++number;
        boolean madeUp = !record.has("value");
        JsonNode keys = spec.path("keys");
        String key = record.hasNonNull("key") ? record.get("key").asText() : madeUp && !keys.isEmpty() ? keys.get((n - 1) % keys.size()).asText() : null;
        String value = madeUp ? id + "-" + n : text(record, "value");
        byte[] bytes = record.hasNonNull("bytes") ? sized(bytes(value), record) : madeUp ? sized(bytes(value), spec) : bytes(value);
        Integer partition = record.hasNonNull("partition") ? Integer.valueOf(record.get("partition").asInt()) : chosen(topic, key);
        Long timestamp = record.hasNonNull("timestamp") ? record.get("timestamp").asLong() : null;
        Out.emit(Out.event("sent", id).put("n", n).put("key", key).put("value", shown(bytes)).put("topic", topic));
        try {
            producer.send(new ProducerRecord<>(topic, partition, timestamp, bytes(key), bytes, headers), (done, failure) -> {
                if (failure == null) Out.emit(Out.event("acked", id).put("n", n).put("p", done.topic() + "/" + done.partition()).put("o", done.hasOffset() ? done.offset() : -1));
                else Out.emit(Out.event("failed", id).put("n", n).put("error", Out.errorOf(failure)).put("text", String.valueOf(failure))
                    .put("p", done == null || done.partition() < 0 ? null : done.topic() + "/" + done.partition()));
            });
        } catch (RuntimeException e) {
            Out.emit(Out.event("failed", id).put("n", n).put("error", Out.errorOf(e)).put("text", String.valueOf(e)).putNull("p"));
        }
        sample();
    }

    /** What an application's own partitioner, as a scenario writes it, says of this key. */
    private Integer chosen(String topic, String key) {
        JsonNode rules = spec.path("partitioner");
        for (int i = 0; i < rules.size(); i++) {
            if (!matches(rules.get(i).get("keys").asText(), key)) continue;
            JsonNode to = rules.get(i).get("to");
            int turn = turns.merge(topic + " " + i, 1, Integer::sum) - 1;
            return to.get(turn % to.size()).asInt();
        }
        return null;
    }

    @Override
    synchronized void sample() {
        KafkaProducer<byte[], byte[]> of = producer;
        if (of == null) return;
        Object manager = Hidden.get(of, "transactionManager");
        ProducerIdAndEpoch identity = (ProducerIdAndEpoch) Hidden.get(manager, "producerIdAndEpoch");
        String state = String.valueOf(Hidden.get(manager, "currentState"));
        String now = state + " " + identity;
        if (!now.equals(lastState)) {
            lastState = now;
            ObjectNode event = Out.event("txn", id).put("state", state);
            if (identity != null && identity.isValid()) event.put("id", identity.producerId).put("epoch", identity.epoch);
            Out.emit(event);
        }
        Metadata metadata = (Metadata) Hidden.get(of, "metadata");
        if (metadata == null) return;
        for (String topic : metadata.fetch().topics()) {
            metadata.fetch().partitionsForTopic(topic).forEach(info -> {
                TopicPartition tp = new TopicPartition(info.topic(), info.partition());
                Metadata.LeaderAndEpoch belief = metadata.currentLeader(tp);
                String shown = belief.leader.map(node -> String.valueOf(node.id())).orElse("") + " " + belief.epoch.map(String::valueOf).orElse("");
                if (shown.equals(lastBelief.put(tp, shown))) return;
                ObjectNode event = Out.event("belief", id).put("p", tp.topic() + "/" + tp.partition());
                belief.leader.ifPresent(node -> event.put("leader", node.id()));
                belief.epoch.ifPresent(epoch -> event.put("epoch", epoch));
                Out.emit(event);
            });
        }
    }
}
