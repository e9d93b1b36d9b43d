package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.tools.reassign.ReassignPartitionsCommand;

/** The admin client of a scenario. Each action is one call; its answer is kept under the name that the file gives it. */
final class AdminHost {
    private final Admin admin;
    private final Map<String, Raw> raws = new HashMap<>();
    /** Raw requests to one broker go one after another; everything else does not wait. */
    private final ExecutorService inOrder = Executors.newSingleThreadExecutor(AdminHost::daemon);
    private final ExecutorService free = Executors.newCachedThreadPool(AdminHost::daemon);

    AdminHost(JsonNode order) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", order.get("bootstrap").asText());
        properties.put("client.id", order.path("id").asText("admin"));
        admin = Admin.create(properties);
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "admin");
        thread.setDaemon(true);
        return thread;
    }

    void ask(JsonNode order) {
        JsonNode request = order.get("request");
        String type = request.get("type").asText();
        (type.equals("raw") ? inOrder : free).execute(() -> answer(order, () -> carryOut(type, request)));
    }

    private static void answer(JsonNode order, Callable<Long> body) {
        ObjectNode done = Out.JSON.createObjectNode().put("name", order.path("name").asText(null)).put("called", Out.micros());
        try {
            Long value = body.call();
            if (value != null) done.put("value", value);
        } catch (Refused e) {
            done.put("error", e.getMessage());
            if (e.value != null) done.put("value", e.value);
        } catch (Exception e) {
            done.put("error", Out.errorOf(e)).put("text", String.valueOf(e));
        }
        Out.emit((ObjectNode) Out.event("answer").setAll(done));
    }

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final Long value;

        Refused(String error, Long value) {
            super(error);
            this.value = value;
        }
    }

    private Long carryOut(String type, JsonNode request) throws Exception {
        switch (type) {
            case "createTopic" -> admin.createTopics(List.of(topic(request))).all().get();
            case "deleteTopic" -> admin.deleteTopics(List.of(request.get("topic").asText())).all().get();
            case "addPartitions" -> {
                List<List<Integer>> replicas = assignments(request.get("replicas"));
                int count = request.get("to").asInt();
                admin.createPartitions(Map.of(request.get("topic").asText(), replicas == null ? NewPartitions.increaseTo(count) : NewPartitions.increaseTo(count, replicas))).all().get();
            }
            case "electLeader" -> {
                TopicPartition tp = ConsumerHost.partition(request.get("partition").asText());
                ElectionType election = request.get("election").asText().equals("preferred") ? ElectionType.PREFERRED : ElectionType.UNCLEAN;
                Optional<Throwable> refused = admin.electLeaders(election, Set.of(tp)).partitions().get().get(tp);
                if (refused != null && refused.isPresent()) throw new Refused(Out.errorOf(refused.get()), null);
            }
            case "reassign" -> {
                return reassign(request);
            }
            case "config" -> config(request);
            case "deleteRecords" -> {
                TopicPartition tp = ConsumerHost.partition(request.get("partition").asText());
                return admin.deleteRecords(Map.of(tp, RecordsToDelete.beforeOffset(request.get("before").asLong()))).lowWatermarks().get(tp).get().lowWatermark();
            }
            case "commitOffsets" -> {
                Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                request.get("offsets").fields().forEachRemaining(each -> offsets.put(ConsumerHost.partition(each.getKey()), new OffsetAndMetadata(each.getValue().asLong())));
                admin.alterConsumerGroupOffsets(request.get("group").asText(), offsets).all().get();
            }
            case "resetOffsets" -> resetOffsets(request);
            case "deleteGroup" -> {
                String group = request.get("group").asText();
                boolean shares = admin.listGroups().all().get().stream().anyMatch(each -> each.groupId().equals(group) && each.type().filter(GroupType.SHARE::equals).isPresent());
                if (shares) admin.deleteShareGroups(List.of(group)).all().get();
                else admin.deleteConsumerGroups(List.of(group)).all().get();
            }
            case "deleteOffsets" -> admin.deleteConsumerGroupOffsets(request.get("group").asText(), partitions(request)).all().get();
            case "resetShareOffsets" -> {
                Map<TopicPartition, Long> offsets = new HashMap<>();
                request.get("offsets").fields().forEachRemaining(each -> offsets.put(ConsumerHost.partition(each.getKey()), each.getValue().asLong()));
                admin.alterShareGroupOffsets(request.get("group").asText(), offsets).all().get();
            }
            case "deleteShareOffsets" ->
                admin.deleteShareGroupOffsets(request.get("group").asText(), partitions(request).stream().map(TopicPartition::topic).collect(Collectors.toSet())).all().get();
            case "abortTransaction" -> {
                TopicPartition tp = ConsumerHost.partition(request.get("partition").asText());
                admin.abortTransaction(new AbortTransactionSpec(tp, request.get("producerId").asLong(), (short) request.get("epoch").asInt(), request.path("coordinatorEpoch").asInt(0))).all().get();
            }
            case "raw" -> {
                return raw(request);
            }
            default -> throw new IllegalArgumentException(type);
        }
        return null;
    }

    private static Set<TopicPartition> partitions(JsonNode request) {
        Set<TopicPartition> set = new HashSet<>();
        request.get("partitions").forEach(each -> set.add(ConsumerHost.partition(each.asText())));
        return set;
    }

    private static NewTopic topic(JsonNode request) {
        List<List<Integer>> replicas = assignments(request.get("replicas"));
        NewTopic topic;
        if (replicas == null) {
            int factor = request.path("replicationFactor").asInt(-1);
            topic = new NewTopic(request.get("topic").asText(), Optional.of(request.path("partitions").asInt(-1)), factor < 0 ? Optional.empty() : Optional.of((short) factor));
        } else {
            Map<Integer, List<Integer>> by = new LinkedHashMap<>();
            for (int i = 0; i < replicas.size(); i++) by.put(i, replicas.get(i));
            topic = new NewTopic(request.get("topic").asText(), by);
        }
        Map<String, String> configs = new HashMap<>();
        request.path("config").fields().forEachRemaining(each -> configs.put(each.getKey(), each.getValue().asText()));
        return topic.configs(configs);
    }

    private static List<List<Integer>> assignments(JsonNode replicas) {
        if (replicas == null || replicas.isNull()) return null;
        List<List<Integer>> list = new ArrayList<>();
        for (JsonNode each : replicas) {
            List<Integer> ids = new ArrayList<>();
            each.forEach(id -> ids.add(id.asInt()));
            list.add(ids);
        }
        return list;
    }

    /** With a throttle, and to verify, as kafka-reassign-partitions.sh does it. The value of a verification: how many moves go on. */
    private Long reassign(JsonNode request) throws Exception {
        TopicPartition tp = ConsumerHost.partition(request.get("partition").asText());
        if (request.path("verify").asBoolean(false)) return (long) verify(tp);
        if (request.path("cancel").asBoolean(false)) {
            admin.alterPartitionReassignments(Map.of(tp, Optional.empty())).all().get();
            return null;
        }
        List<Integer> ids = new ArrayList<>();
        request.get("to").forEach(id -> ids.add(id.asInt()));
        if (request.hasNonNull("throttle")) {
            ReassignPartitionsCommand.executeAssignment(admin, false, planOf(tp, ids), request.get("throttle").asLong(), -1L, 10_000L, Time.SYSTEM, false);
            return null;
        }
        admin.alterPartitionReassignments(Map.of(tp, Optional.of(new NewPartitionReassignment(ids)))).all().get();
        return null;
    }

    private final Map<TopicPartition, List<Integer>> plans = new HashMap<>();

    private String planOf(TopicPartition tp, List<Integer> ids) {
        plans.put(tp, ids);
        ObjectNode plan = Out.JSON.createObjectNode().put("version", 1);
        ObjectNode one = plan.putArray("partitions").addObject().put("topic", tp.topic()).put("partition", tp.partition());
        ids.forEach(one.putArray("replicas")::add);
        return plan.toString();
    }

    private int verify(TopicPartition tp) throws Exception {
        java.lang.reflect.Method method = ReassignPartitionsCommand.class.getDeclaredMethod("verifyAssignment", Admin.class, String.class, boolean.class);
        method.setAccessible(true);
        Object result = method.invoke(null, admin, planOf(tp, plans.getOrDefault(tp, List.of())), false);
        return Boolean.TRUE.equals(Hidden.get(result, "partsOngoing")) ? 1 : 0;
    }

    private void config(JsonNode request) throws Exception {
        ConfigResource.Type type = ConfigResource.Type.valueOf(request.get("kind").asText());
        Collection<AlterConfigOp> ops = new ArrayList<>();
        request.path("set").fields().forEachRemaining(each -> ops.add(new AlterConfigOp(new ConfigEntry(each.getKey(), each.getValue().asText()), AlterConfigOp.OpType.SET)));
        request.path("unset").forEach(name -> ops.add(new AlterConfigOp(new ConfigEntry(name.asText(), null), AlterConfigOp.OpType.DELETE)));
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(type, request.get("name").asText()), ops)).all().get();
    }

    private void resetOffsets(JsonNode request) throws Exception {
        String topic = request.get("topic").asText();
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        JsonNode to = request.get("to");
        for (var info : admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get().partitions()) {
            OffsetSpec spec = to.isTextual() && to.asText().equals("earliest") ? OffsetSpec.earliest() : to.isTextual() && to.asText().equals("latest") ? OffsetSpec.latest() : OffsetSpec.forTimestamp(to.asLong());
            asked.put(new TopicPartition(topic, info.partition()), spec);
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        if (request.path("byOffset").asBoolean(false)) asked.keySet().forEach(tp -> offsets.put(tp, new OffsetAndMetadata(to.asLong())));
        else for (var each : admin.listOffsets(asked).all().get().entrySet()) offsets.put(each.getKey(), new OffsetAndMetadata(Math.max(0, each.getValue().offset())));
        admin.alterConsumerGroupOffsets(request.get("group").asText(), offsets).all().get();
    }

    private Long raw(JsonNode request) throws IOException, Refused {
        String address = request.get("address").asText();
        Raw raw = raws.computeIfAbsent(address, each -> new Raw(each, 30_000, "raw"));
        ProduceResponseData.PartitionProduceResponse answer = raw.produce(request);
        if (answer == null) return null;
        if (answer.errorCode() != Errors.NONE.code()) throw new Refused(Errors.forCode(answer.errorCode()).name(), null);
        return answer.baseOffset();
    }
}
