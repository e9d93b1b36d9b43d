package partitura.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;

/**
 * What one broker says of itself, asked ten times a second on a connection of its own: what it believes of each partition
 * (Metadata), and of each replica that it holds the high watermark, the last stable offset and the log start. A fetch that
 * any consumer may send to a follower (KIP-392), from the end of its log, tells the latter and carries no record.
 */
final class BrokerWatch implements Runnable {
    private final int id;
    private final Raw raw;
    private final List<String> topics;
    private final Function<String, Long> from;
    private final Map<String, String> last = new HashMap<>();
    final Rounds rounds = new Rounds();
    volatile boolean ended;

    /** `from`: where to fetch from, by partition. */
    BrokerWatch(int id, String address, List<String> topics, Function<String, Long> from) {
        this.id = id;
        this.raw = new Raw(address, 1_500, "partitura-look");
        this.topics = topics;
        this.from = from;
    }

    @Override
    public void run() {
        while (!ended) {
            rounds.begin();
            try {
                look();
            } catch (IOException | RuntimeException e) {
                // It is down, frozen or not reachable: what was seen last stands, and what comes next is told in full.
                last.clear();
            }
            rounds.end();
            try {
                Thread.sleep(80);
            } catch (InterruptedException e) {
                return;
            }
        }
        raw.close();
    }

    private void look() throws IOException {
        MetadataRequestData asked = new MetadataRequestData().setAllowAutoTopicCreation(false);
        synchronized (topics) {
            for (String topic : topics) asked.topics().add(new MetadataRequestData.MetadataRequestTopic().setName(topic));
        }
        MetadataResponseData told = ((MetadataResponse) raw.ask(new MetadataRequest(asked, (short) 12), true)).data();
        Map<TopicPartition, FetchRequest.PartitionData> fetches = new LinkedHashMap<>();
        for (MetadataResponseData.MetadataResponseTopic topic : told.topics()) {
            for (MetadataResponseData.MetadataResponsePartition partition : topic.partitions()) {
                String name = topic.name() + "/" + partition.partitionIndex();
                tell("believes", name, event -> {
                    event.put("leader", partition.leaderId()).put("epoch", partition.leaderEpoch());
                    ArrayNode isr = event.putArray("isr");
                    partition.isrNodes().forEach(isr::add);
                });
                Long at = partition.replicaNodes().contains(id) ? from.apply(name) : null;
                if (at != null) fetches.put(new TopicPartition(topic.name(), partition.partitionIndex()), new FetchRequest.PartitionData(Uuid.ZERO_UUID, at, -1, 1, Optional.empty()));
            }
        }
        if (fetches.isEmpty()) return;
        FetchRequest request = FetchRequest.Builder.forConsumer((short) 12, 0, 0, fetches).setMaxBytes(1).metadata(FetchMetadata.LEGACY).build((short) 12);
        FetchResponse response = (FetchResponse) raw.ask(request, true);
        for (FetchResponseData.FetchableTopicResponse topic : response.data().responses()) {
            for (FetchResponseData.PartitionData partition : topic.partitions()) {
                if (partition.highWatermark() < 0) continue;
                tell("marks", topic.topic() + "/" + partition.partitionIndex(), event -> event.put("hw", partition.highWatermark()).put("lso", partition.lastStableOffset()).put("start", partition.logStartOffset()));
            }
        }
    }

    private void tell(String what, String partition, java.util.function.Consumer<ObjectNode> fill) {
        ObjectNode content = Out.JSON.createObjectNode();
        fill.accept(content);
        if (content.toString().equals(last.put(what + partition, content.toString()))) return;
        Out.emit(((ObjectNode) Out.event(what).put("b", id).put("p", partition).setAll(content)));
    }
}
