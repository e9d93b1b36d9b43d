package partitura.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.BrokerRegistrationChangeRecord;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.FenceBrokerRecord;
import org.apache.kafka.common.metadata.PartitionChangeRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.metadata.UnfenceBrokerRecord;
import org.apache.kafka.common.metadata.UnregisterBrokerRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.FileLogInputStream;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.server.common.ApiMessageAndVersion;

/**
 * The metadata log, read from the files of the controllers as they grow: a record counts when a majority of the voters has
 * it. So what the cluster has decided is known whoever is cut off, frozen or down. The replay is Kafka's own.
 */
final class MetadataTail {
    private static final class Voter {
        final String name;
        final File dir;
        long until;
        String state = "";
        /** By base offset: its end, epoch and records. */
        final Map<Long, FileBatch> batches = new LinkedHashMap<>();

        Voter(String name, File dir) {
            this.name = name;
            this.dir = new File(dir, "__cluster_metadata-0");
        }
    }

    private record FileBatch(long base, long last, int epoch, long timestamp, List<ApiMessage> records) { }

    private final List<Voter> voters = new ArrayList<>();
    private long next;
    private final Map<Uuid, String> topics = new HashMap<>();
    private final Map<String, PartitionRegistration> partitions = new HashMap<>();

    MetadataTail(Map<String, File> dirs) {
        dirs.forEach((name, dir) -> voters.add(new Voter(name, dir)));
    }

    void look() {
        for (Voter voter : voters) {
            try {
                read(voter);
                state(voter);
            } catch (IOException | RuntimeException e) {
                // not there yet, or half written
            }
        }
        while (replayNext()) { }
    }

    private void read(Voter voter) throws IOException {
        File[] files = voter.dir.listFiles((d, name) -> name.endsWith(".log"));
        if (files == null || files.length == 0) return;
        Arrays.sort(files);
        File file = files[files.length - 1];
        if (file.length() < voter.until) {
            voter.until = 0;
            voter.batches.clear();
        }
        if (file.length() == voter.until) return;
        try (FileRecords records = FileRecords.open(file, false)) {
            long size = file.length();
            for (FileLogInputStream.FileChannelRecordBatch batch : records.batchesFrom((int) voter.until)) {
                if (batch.position() + batch.sizeInBytes() > size) break;
                List<ApiMessage> list = new ArrayList<>();
                if (!batch.isControlBatch()) for (Record record : batch) list.add(decode(record));
                voter.batches.put(batch.baseOffset(), new FileBatch(batch.baseOffset(), batch.lastOffset(), batch.partitionLeaderEpoch(), batch.maxTimestamp(), list));
                voter.until = batch.position() + (long) batch.sizeInBytes();
            }
        }
    }

    private static ApiMessage decode(Record record) {
        ApiMessageAndVersion read = MetadataRecordSerde.INSTANCE.read(new ByteBufferAccessor(record.value().duplicate()), record.valueSize());
        return read.message();
    }

    /** The quorum-state file: whom this voter follows, in which epoch, and for whom it has voted. */
    private void state(Voter voter) throws IOException {
        String text = Files.readString(new File(voter.dir, "quorum-state").toPath());
        if (text.equals(voter.state) || text.isBlank()) return;
        voter.state = text;
        Out.emit((ObjectNode) Out.event("quorum").put("k", voter.name).set("state", Out.JSON.readTree(text)));
    }

    private boolean replayNext() {
        Map<Integer, Integer> by = new HashMap<>();
        FileBatch found = null;
        for (Voter voter : voters) {
            FileBatch batch = voter.batches.get(next);
            if (batch != null && by.merge(batch.epoch, 1, Integer::sum) * 2 > voters.size()) found = batch;
        }
        if (found == null) return false;
        next = found.last + 1;
        for (Voter voter : voters) voter.batches.remove(found.base);
        for (ApiMessage record : found.records) replay(record, found.timestamp);
        return true;
    }

    private void replay(ApiMessage message, long timestamp) {
        if (message instanceof TopicRecord topic) {
            topics.put(topic.topicId(), topic.name());
            emit("topic", timestamp, event -> event.put("topic", topic.name()));
        } else if (message instanceof RemoveTopicRecord removed) {
            String name = topics.remove(removed.topicId());
            if (name == null) return;
            partitions.keySet().removeIf(each -> each.substring(0, each.lastIndexOf('/')).equals(name));
            emit("topic-removed", timestamp, event -> event.put("topic", name));
        } else if (message instanceof PartitionRecord record) {
            String name = topics.get(record.topicId()) + "/" + record.partitionId();
            partition(name, new PartitionRegistration(record), timestamp);
        } else if (message instanceof PartitionChangeRecord change) {
            String name = topics.get(change.topicId()) + "/" + change.partitionId();
            PartitionRegistration was = partitions.get(name);
            if (was != null) partition(name, was.merge(change), timestamp);
        } else if (message instanceof RegisterBrokerRecord broker) {
            emit("broker", timestamp, event -> event.put("b", broker.brokerId()).put("registered", true).put("epoch", broker.brokerEpoch()).put("fenced", broker.fenced())
                .put("rack", broker.rack()).put("shutdown", broker.inControlledShutdown()));
        } else if (message instanceof BrokerRegistrationChangeRecord change) {
            emit("broker", timestamp, event -> {
                event.put("b", change.brokerId()).put("epoch", change.brokerEpoch());
                if (change.fenced() != 0) event.put("fenced", change.fenced() > 0);
                if (change.inControlledShutdown() != 0) event.put("shutdown", true);
            });
        } else if (message instanceof FenceBrokerRecord fence) emit("broker", timestamp, event -> event.put("b", fence.id()).put("epoch", fence.epoch()).put("fenced", true));
        else if (message instanceof UnfenceBrokerRecord unfence) emit("broker", timestamp, event -> event.put("b", unfence.id()).put("epoch", unfence.epoch()).put("fenced", false));
        else if (message instanceof UnregisterBrokerRecord gone) emit("broker", timestamp, event -> event.put("b", gone.brokerId()).put("epoch", gone.brokerEpoch()).put("fenced", true));
        else if (message instanceof ConfigRecord config) emit("config", timestamp, event ->
            event.put("kind", config.resourceType()).put("name", config.resourceName()).put("key", config.name()).put("value", config.value()));
    }

    private void partition(String name, PartitionRegistration now, long timestamp) {
        PartitionRegistration was = partitions.put(name, now);
        emit("partition", timestamp, event -> {
            event.put("p", name).put("new", was == null).put("leader", now.leader).put("leaderEpoch", now.leaderEpoch).put("partitionEpoch", now.partitionEpoch)
                .put("recovery", now.leaderRecoveryState.name().toLowerCase(java.util.Locale.ROOT));
            ids(event, "replicas", now.replicas);
            ids(event, "isr", now.isr);
            ids(event, "elr", now.elr);
            ids(event, "lastKnownElr", now.lastKnownElr);
            ids(event, "adding", now.addingReplicas);
            ids(event, "removing", now.removingReplicas);
        });
    }

    private static void ids(ObjectNode event, String key, int[] ids) {
        ArrayNode list = event.putArray(key);
        for (int id : ids) list.add(id);
    }

    private static void emit(String name, long timestamp, java.util.function.Consumer<ObjectNode> fill) {
        ObjectNode event = Out.event(name).put("ms", timestamp);
        fill.accept(event);
        Out.emit(event);
    }

    Map<String, PartitionRegistration> partitions() {
        return Collections.unmodifiableMap(partitions);
    }
}
