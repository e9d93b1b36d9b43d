package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.internals.SubscriptionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer's application: poll(), handle what came, poll again; or one call after another, by hand. */
final class ConsumerHost extends ReaderHost implements ConsumerRebalanceListener {
    volatile KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, String> lastPosition = new HashMap<>();
    private String lastGeneration = "";
    /** Of an application whose handler works outside the poll loop: one thread and its queue, which nobody awaits. */
    private volatile ExecutorService worker;

    ConsumerHost(JsonNode spec) {
        super(spec);
    }

    @Override
    void open() {
        if (spec.path("threads").asBoolean(false)) worker = Executors.newSingleThreadExecutor();
        consumer = new KafkaConsumer<>(config(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Object delegate = Hidden.get(consumer, "delegate");
        Spy.on(Hidden.get(delegate, "client"), id);
        // The other protocol's client makes its network client on its background thread.
        new Thread(() -> {
            for (int i = 0; i < 200; i++) {
                Object network = Hidden.get(delegate, "applicationEventHandler", "networkThread", "networkClientDelegate");
                if (network != null) {
                    Spy.on(network, id);
                    return;
                }
                try {
                    Thread.sleep(10);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }).start();
        List<String> topics = topics();
        if (spec.hasNonNull("assign")) {
            List<TopicPartition> given = new ArrayList<>();
            spec.get("assign").forEach(each -> given.add(partition(each.asText())));
            consumer.assign(given);
        } else if (spec.get("config").has("group.id")) consumer.subscribe(topics, this);
        else {
            List<TopicPartition> all = new ArrayList<>();
            for (String topic : topics) consumer.partitionsFor(topic).forEach(info -> all.add(new TopicPartition(topic, info.partition())));
            consumer.assign(all);
        }
    }

    static TopicPartition partition(String name) {
        int slash = name.lastIndexOf('/');
        return new TopicPartition(name.substring(0, slash), Integer.parseInt(name.substring(slash + 1)));
    }

    static String name(TopicPartition tp) {
        return tp.topic() + "/" + tp.partition();
    }

    /** A loop polls for 100 ms, as Kafka's examples do; by hand for a second, which a real network and disk may need for what the simulator does in 100 ms. */
    static Duration patience(JsonNode spec) {
        return Duration.ofMillis("manual".equals(text(spec, "polls")) ? 1_000 : 100);
    }

    @Override
    void turn() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(patience(spec));
        told(records);
        sample();
        if (records.isEmpty()) return;
        if (worker != null) {
            handOver(records);
            return;
        }
        String commits = text(spec, "commits");
        if ("before".equals(commits)) commitSync(null);
        Set<TopicPartition> left = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (left.isEmpty() && !wants(id, spec, record)) continue;
            TopicPartition tp = new TopicPartition(record.topic(), record.partition());
            if (left.isEmpty()) work(spec.path("processMs").asLong(0));
            if (left.isEmpty() && (!failing.on(record) || failing.goesOn(record, this::isToStop))) {
                if (!failing.on(record)) Out.emit(handled(id, record));
            } else if (left.add(tp)) giveBack(consumer, record);
        }
        if ("after".equals(commits)) commitSync(null);
        if ("afterAsync".equals(commits)) commitAsync(null);
        sample();
    }

    private void handOver(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (wants(id, spec, record)) worker.execute(() -> handle(record));
        }
    }

    /** In the worker thread. What is left when the program ends is never handled. */
    private void handle(ConsumerRecord<byte[], byte[]> record) {
        work(spec.path("processMs").asLong(0));
        if (Thread.currentThread().isInterrupted()) return;
        if (!failing.on(record)) Out.emit(handled(id, record));
        else failing.goesOn(record, () -> false);
    }

    /** It is read again, and what lies behind it. */
    static void giveBack(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record) {
        consumer.seek(new TopicPartition(record.topic(), record.partition()), record.offset());
    }

    static void work(long ms) {
        if (ms <= 0) return;
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void told(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            Out.emit(Out.event("polled", id));
            return;
        }
        ObjectNode event = Out.event("polled", id);
        ArrayNode list = event.putArray("records");
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ArrayNode one = list.addArray().add(record.topic() + "/" + record.partition()).add(record.offset());
            one.add(record.leaderEpoch().orElse(-1));
        }
        Out.emit(event);
    }

    private void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            if (offsets == null) consumer.commitSync();
            else consumer.commitSync(offsets);
            Out.emit(Out.event("called", id).put("call", "commit"));
        } catch (RuntimeException e) {
            failed("commit", e, false);
        }
    }

    /** The thread goes on; what comes of it is told when it is called back, in a later call. */
    private void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        OffsetCommitCallback calledBack = (of, thrown) -> {
            if (thrown != null) failed("commit", thrown, false);
        };
        if (offsets == null) consumer.commitAsync(calledBack);
        else consumer.commitAsync(offsets, calledBack);
        Out.emit(Out.event("called", id).put("call", "commit"));
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> offsets, boolean async) {
        if (async) commitAsync(offsets);
        else commitSync(offsets);
    }

    @Override
    void call(JsonNode command) {
        switch (command.get("call").asText()) {
            case "poll" -> calls.add(this::turn);
            case "seek" -> calls.add(() -> seek(partition(command.get("partition").asText()), command.get("to"), command.path("withEpoch").asBoolean(false)));
            case "commit" -> calls.add(() -> {
                boolean async = command.path("async").asBoolean(false);
                if (!command.hasNonNull("offsets")) commit(null, async);
                else {
                    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                    command.get("offsets").fields().forEachRemaining(each -> offsets.put(partition(each.getKey()), new OffsetAndMetadata(each.getValue().asLong())));
                    commit(offsets, async);
                }
            });
            case "pause", "resume" -> calls.add(() -> hold(command.get("call").asText(), command.get("partitions")));
            default -> throw new IllegalArgumentException(command.toString());
        }
    }

    private void seek(TopicPartition tp, JsonNode to, boolean withEpoch) {
        if (to.isTextual()) {
            if (to.asText().equals("earliest")) consumer.seekToBeginning(List.of(tp));
            else consumer.seekToEnd(List.of(tp));
        } else if (withEpoch) {
            Object position = Hidden.get(Hidden.get(consumer, "delegate"), "subscriptions");
            SubscriptionState.FetchPosition known = ((SubscriptionState) position).positionOrNull(tp);
            @SuppressWarnings("unchecked")
            Optional<Integer> epoch = known == null ? Optional.empty() : (Optional<Integer>) Hidden.get(known, "offsetEpoch");
            consumer.seek(tp, new OffsetAndMetadata(to.asLong(), epoch, ""));
        } else consumer.seek(tp, to.asLong());
        sample();
    }

    /** pause() and resume(): what is not assigned is refused, and the application goes on. */
    private void hold(String call, JsonNode names) {
        List<TopicPartition> given = new ArrayList<>();
        names.forEach(each -> given.add(partition(each.asText())));
        Set<TopicPartition> before = new HashSet<>(consumer.paused());
        try {
            if (call.equals("pause")) consumer.pause(given);
            else consumer.resume(given);
        } catch (RuntimeException e) {
            // The consumer protocol's client wraps it.
            Out.emit(Out.event("misused", id).put("call", call).put("text", (e.getCause() == null ? e : e.getCause()).getMessage()));
        }
        Set<TopicPartition> changed = new HashSet<>(consumer.paused());
        if (call.equals("pause")) changed.removeAll(before);
        else {
            before.removeAll(changed);
            changed = before;
        }
        if (!changed.isEmpty()) callback(call.equals("pause") ? "paused" : "resumed", changed);
        else sample();
    }

    @Override
    void close() {
        KafkaConsumer<byte[], byte[]> of = consumer;
        try {
            if (of != null) of.close();
        } finally {
            consumer = null;
            if (worker != null) worker.shutdownNow();
            worker = null;
        }
    }

    private void callback(String name, Collection<TopicPartition> partitions) {
        ObjectNode event = Out.event(name, id);
        ArrayNode list = event.putArray("partitions");
        partitions.stream().map(ConsumerHost::name).sorted().forEach(list::add);
        Out.emit(event);
        sample();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        callback("assigned", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        callback("revoked", partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        callback("lost-partitions", partitions);
    }

    /** Positions, as the client has them; its generation, which only its own thread may ask for. */
    @Override
    void sample() {
        KafkaConsumer<byte[], byte[]> of = consumer;
        if (of == null) return;
        Object delegate = Hidden.get(of, "delegate");
        if (Thread.currentThread() == thread && spec.get("config").has("group.id")) sampleGeneration(of);
        SubscriptionState subscriptions = (SubscriptionState) Hidden.get(delegate, "subscriptions");
        if (subscriptions != null) samplePositions(subscriptions);
    }

    private synchronized void sampleGeneration(KafkaConsumer<byte[], byte[]> of) {
        ConsumerGroupMetadata metadata = of.groupMetadata();
        String now = metadata.generationId() + " " + metadata.memberId();
        if (now.equals(lastGeneration)) return;
        lastGeneration = now;
        Out.emit(Out.event("generation", id).put("generation", metadata.generationId()).put("member", metadata.memberId()));
    }

    private synchronized void samplePositions(SubscriptionState subscriptions) {
        Map<TopicPartition, String> now = new HashMap<>();
        boolean changed = false;
        for (TopicPartition tp : subscriptions.assignedPartitionsList()) {
            SubscriptionState.FetchPosition position = subscriptions.positionOrNull(tp);
            now.put(tp, subscriptions.isPaused(tp) + (position == null ? "" : " " + position.offset + " " + Hidden.get(position, "offsetEpoch") + " " + Hidden.get(position, "currentLeader")));
        }
        if (!now.equals(lastPosition)) changed = true;
        if (!changed) return;
        lastPosition.clear();
        lastPosition.putAll(now);
        ObjectNode event = Out.event("positions", id);
        ObjectNode list = event.putObject("of");
        for (TopicPartition tp : now.keySet()) {
            SubscriptionState.FetchPosition position = subscriptions.positionOrNull(tp);
            ObjectNode one = list.putObject(name(tp));
            if (subscriptions.isPaused(tp)) one.put("paused", true);
            if (position == null) continue;
            one.put("offset", position.offset);
            ((Optional<?>) Hidden.get(position, "offsetEpoch")).ifPresent(epoch -> one.put("epoch", (Integer) epoch));
            org.apache.kafka.clients.Metadata.LeaderAndEpoch leader = (org.apache.kafka.clients.Metadata.LeaderAndEpoch) Hidden.get(position, "currentLeader");
            leader.leader.ifPresent(node -> one.put("leader", node.id()));
        }
        Out.emit(event);
    }
}
