package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.FileLogInputStream;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;

/**
 * Looks at a running cluster about ten times a second and tells what has changed: files (the metadata log, the logs of the
 * replicas, generations in __consumer_offsets), brokers one by one, and groups and transactions through an admin client.
 */
final class Look {
    private final Map<Integer, List<File>> dirs = new HashMap<>();
    private final List<String> topics = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, LogTail> tails = new ConcurrentHashMap<>();
    /** Where to fetch from to hear the marks of a replica: `t/0@1`. */
    private final Map<String, Long> ends = new ConcurrentHashMap<>();
    private final List<Rounds> rounds = Collections.synchronizedList(new ArrayList<>());
    private final MetadataTail metadata;
    private final Map<String, Integer> generations = new HashMap<>();
    private final Map<File, Long> offsetFiles = new HashMap<>();
    private final JsonNode order;
    private final Map<String, String> last = new HashMap<>();

    Look(JsonNode order) {
        this.order = order;
        Map<String, File> controllers = new LinkedHashMap<>();
        order.get("controllers").fields().forEachRemaining(each -> controllers.put(each.getKey(), new File(each.getValue().asText())));
        metadata = new MetadataTail(controllers);
        order.get("dirs").fields().forEachRemaining(each -> {
            List<File> list = new ArrayList<>();
            each.getValue().forEach(dir -> list.add(new File(dir.asText())));
            dirs.put(Integer.parseInt(each.getKey()), list);
        });
        order.get("topics").forEach(topic -> topics.add(topic.asText()));
    }

    void begin() {
        loop("files", 40, this::files);
        order.get("brokers").fields().forEachRemaining(each -> {
            int id = Integer.parseInt(each.getKey());
            BrokerWatch watch = new BrokerWatch(id, each.getValue().asText(), topics, partition -> ends.get(partition + "@" + id));
            rounds.add(watch.rounds);
            Thread thread = new Thread(watch, "look-b" + id);
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Whoever asks for a coordinator makes Kafka create its topic: not before the scenario's own stands. */
    void beginGroups() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", order.get("bootstrap").asText());
        properties.put("client.id", "partitura-look");
        properties.put("request.timeout.ms", "1500");
        properties.put("default.api.timeout.ms", "3000");
        properties.put("reconnect.backoff.max.ms", "200");
        properties.put("metadata.max.age.ms", "2000");
        if (!order.get("groups").isEmpty()) {
            Admin admin = Admin.create(properties);
            loop("groups", 80, () -> groups(admin));
            Admin another = Admin.create(properties);
            loop("offsets", 80, () -> offsets(another));
        }
        if (!order.get("transactions").isEmpty()) {
            Admin admin = Admin.create(properties);
            loop("transactions", 60, () -> transactions(admin));
        }
        if (!order.get("shares").isEmpty()) {
            Admin admin = Admin.create(properties);
            loop("shares", 100, () -> shares(admin));
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private void loop(String name, long everyMs, Step step) {
        Rounds count = new Rounds();
        rounds.add(count);
        Thread thread = new Thread(() -> {
            while (true) {
                count.begin();
                try {
                    step.run();
                } catch (Exception e) {
                    // nobody answers: what was seen last stands
                }
                count.end();
                try {
                    Thread.sleep(everyMs);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }, "look-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Until everybody who answers at all has looked once more, from its beginning to its end; nobody waits for who is silent. */
    void fresh(long atMostMs) throws InterruptedException {
        List<Rounds> all = new ArrayList<>(rounds);
        List<Long> goals = new ArrayList<>();
        for (Rounds each : all) goals.add(each.done() + 2);
        long end = System.nanoTime() + atMostMs * 1_000_000L;
        while (System.nanoTime() < end) {
            boolean done = true;
            for (int i = 0; i < all.size(); i++) done &= all.get(i).done() >= goals.get(i) || all.get(i).silentForMs() > 350;
            if (done) return;
            Thread.sleep(10);
        }
    }

    void watchTopic(String topic) {
        synchronized (topics) {
            if (!topics.contains(topic)) topics.add(topic);
        }
    }

    private void files() throws IOException {
        metadata.look();
        generations();
        List<String> watched;
        synchronized (topics) {
            watched = new ArrayList<>(topics);
        }
        for (Map.Entry<Integer, List<File>> broker : dirs.entrySet()) {
            for (File dir : broker.getValue()) {
                File[] replicas = dir.listFiles();
                if (replicas == null) continue;
                for (File replica : replicas) {
                    int dash = replica.getName().lastIndexOf('-');
                    if (dash < 0 || !watched.contains(replica.getName().substring(0, dash))) continue;
                    String index = replica.getName().substring(dash + 1);
                    if (!index.matches("[0-9]+")) continue;
                    String partition = replica.getName().substring(0, dash) + "/" + index;
                    String key = partition + "@" + broker.getKey();
                    tails.computeIfAbsent(replica.getPath(), k -> new LogTail(replica)).look(of -> {
                        ends.put(key, of.get("leo").asLong());
                        Out.emit((ObjectNode) Out.event("replica").put("p", partition).put("b", broker.getKey()).put("path", replica.getPath()).setAll(of));
                    });
                }
            }
        }
        tails.entrySet().removeIf(each -> {
            if (each.getValue().exists()) return false;
            Out.emit(Out.event("replica-gone").put("path", each.getKey()));
            return true;
        });
    }

    /** Which generation a classic group is in: no request tells, the coordinator's own records do. */
    private void generations() {
        if (order.get("groups").isEmpty()) return;
        for (List<File> list : dirs.values()) {
            for (File dir : list) {
                File[] logs = dir.listFiles((d, name) -> name.startsWith("__consumer_offsets-"));
                if (logs == null) continue;
                for (File log : logs) {
                    File[] files = log.listFiles((d, name) -> name.endsWith(".log"));
                    if (files != null) for (File file : files) generationsIn(file);
                }
            }
        }
    }

    private void generationsIn(File file) {
        long from = offsetFiles.getOrDefault(file, 0L);
        long size = file.length();
        if (size < from) from = 0;
        if (size == from) return;
        try (FileRecords records = FileRecords.open(file, false)) {
            for (FileLogInputStream.FileChannelRecordBatch batch : records.batchesFrom((int) from)) {
                if (batch.position() + batch.sizeInBytes() > size) break;
                from = batch.position() + (long) batch.sizeInBytes();
                if (batch.isControlBatch()) continue;
                for (Record record : batch) generation(record);
            }
        } catch (IOException | RuntimeException e) {
            // half written
        }
        offsetFiles.put(file, from);
    }

    private void generation(Record record) {
        java.nio.ByteBuffer key = record.key().duplicate();
        if (key.getShort() != 2 || !record.hasValue()) return;
        byte[] name = new byte[key.getShort()];
        key.get(name);
        java.nio.ByteBuffer value = record.value().duplicate();
        short version = value.getShort();
        int generation = new GroupMetadataValue(new ByteBufferAccessor(value), version).generation();
        String group = new String(name, java.nio.charset.StandardCharsets.UTF_8);
        if (generations.getOrDefault(group, -1) >= generation) return;
        generations.put(group, generation);
        Out.emit(Out.event("group-generation").put("g", group).put("generation", generation));
    }

    private List<String> names(String of) {
        List<String> list = new ArrayList<>();
        order.get(of).forEach(each -> list.add(each.asText()));
        return list;
    }

    private void groups(Admin admin) throws Exception {
        Map<String, org.apache.kafka.common.KafkaFuture<ConsumerGroupDescription>> described = admin.describeConsumerGroups(names("groups")).describedGroups();
        for (String name : described.keySet()) {
            ObjectNode group = Out.JSON.createObjectNode().put("g", name);
            try {
                ConsumerGroupDescription it = described.get(name).get(3, TimeUnit.SECONDS);
                group.put("state", it.groupState().toString()).put("type", it.type().toString()).put("assignor", it.partitionAssignor());
                if (it.coordinator() != null && !it.coordinator().isEmpty()) group.put("coordinator", it.coordinator().id());
                it.groupEpoch().ifPresent(epoch -> group.put("epoch", epoch));
                it.targetAssignmentEpoch().ifPresent(epoch -> group.put("targetEpoch", epoch));
                ArrayNode members = group.putArray("members");
                for (MemberDescription member : it.members()) {
                    ObjectNode one = members.addObject().put("client", member.clientId()).put("id", member.consumerId());
                    member.groupInstanceId().ifPresent(instance -> one.put("instance", instance));
                    member.memberEpoch().ifPresent(epoch -> one.put("epoch", epoch));
                    list(one.putArray("assigned"), member.assignment().topicPartitions());
                    member.targetAssignment().ifPresent(target -> list(one.putArray("target"), target.topicPartitions()));
                }
            } catch (java.util.concurrent.ExecutionException e) {
                if (!(e.getCause() instanceof GroupIdNotFoundException)) continue;
                group.put("state", "Dead");
            }
            changed("group", name, group);
        }
    }

    private static void list(ArrayNode into, java.util.Collection<TopicPartition> partitions) {
        partitions.stream().map(ConsumerHost::name).sorted().forEach(into::add);
    }

    private synchronized void changed(String event, String name, ObjectNode content) {
        String now = content.toString();
        if (now.equals(last.put(event + " " + name, now))) return;
        Out.emit((ObjectNode) Out.event(event).setAll(content));
    }

    private void offsets(Admin admin) throws Exception {
        Map<String, ListConsumerGroupOffsetsSpec> asked = new HashMap<>();
        for (String name : names("groups")) asked.put(name, new ListConsumerGroupOffsetsSpec());
        var result = admin.listConsumerGroupOffsets(asked);
        for (String name : asked.keySet()) {
            try {
                ObjectNode content = Out.JSON.createObjectNode().put("g", name);
                ObjectNode of = content.putObject("committed");
                result.partitionsToOffsetAndMetadata(name).get(3, TimeUnit.SECONDS).entrySet().stream()
                    .sorted((a, b) -> ConsumerHost.name(a.getKey()).compareTo(ConsumerHost.name(b.getKey())))
                    .forEach(each -> {
                        if (each.getValue() != null) of.put(ConsumerHost.name(each.getKey()), each.getValue().offset());
                    });
                changed("committed", name, content);
            } catch (java.util.concurrent.ExecutionException e) {
                // its coordinator is not there at the moment
            }
        }
    }

    private void transactions(Admin admin) throws Exception {
        var result = admin.describeTransactions(names("transactions"));
        for (String name : names("transactions")) {
            ObjectNode content = Out.JSON.createObjectNode().put("t", name);
            try {
                TransactionDescription it = result.description(name).get(3, TimeUnit.SECONDS);
                content.put("state", it.state().toString()).put("producerId", it.producerId()).put("epoch", it.producerEpoch()).put("coordinator", it.coordinatorId());
            } catch (java.util.concurrent.ExecutionException e) {
                if (!(e.getCause() instanceof TransactionalIdNotFoundException)) continue;
            }
            changed("transaction", name, content);
        }
    }

    private void shares(Admin admin) throws Exception {
        Map<String, org.apache.kafka.common.KafkaFuture<ShareGroupDescription>> described = admin.describeShareGroups(names("shares")).describedGroups();
        Map<String, ListShareGroupOffsetsSpec> asked = new HashMap<>();
        for (String name : names("shares")) asked.put(name, new ListShareGroupOffsetsSpec());
        var offsets = admin.listShareGroupOffsets(asked);
        for (String name : described.keySet()) {
            ObjectNode content = Out.JSON.createObjectNode().put("g", name);
            try {
                ShareGroupDescription it = described.get(name).get(3, TimeUnit.SECONDS);
                content.put("state", it.groupState().toString()).put("epoch", it.groupEpoch());
                ArrayNode members = content.putArray("members");
                for (ShareMemberDescription member : it.members()) {
                    ObjectNode one = members.addObject().put("client", member.clientId()).put("id", member.consumerId()).put("epoch", member.memberEpoch());
                    list(one.putArray("assigned"), member.assignment().topicPartitions());
                }
            } catch (java.util.concurrent.ExecutionException e) {
                continue;
            }
            ObjectNode starts = content.putObject("starts");
            try {
                offsets.partitionsToOffsetInfo(name).get(3, TimeUnit.SECONDS).forEach((tp, info) -> {
                    if (info != null) starts.put(ConsumerHost.name(tp), info.startOffset());
                });
            } catch (java.util.concurrent.ExecutionException e) {
                continue;
            }
            changed("share", name, content);
        }
    }
}
