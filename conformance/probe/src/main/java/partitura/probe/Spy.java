package partitura.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ProduceRequest;

/** Stands between an official client and its network client, and tells what is asked and which errors come back. */
final class Spy {
    private final String client;
    private final Set<MemoryRecords> sent = Collections.newSetFromMap(new IdentityHashMap<>());

    private Spy(String client) {
        this.client = client;
    }

    static void on(Object holder, String client) {
        Object real = Hidden.get(holder, "client");
        if (!(real instanceof KafkaClient)) return;
        Spy spy = new Spy(client);
        Hidden.set(holder, "client", Proxy.newProxyInstance(Spy.class.getClassLoader(), new Class<?>[] {KafkaClient.class}, (proxy, method, args) -> {
            if (method.getName().equals("send")) spy.sending((ClientRequest) args[0]);
            try {
                Object result = method.invoke(real, args);
                if (method.getName().equals("poll")) spy.came((List<?>) result);
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private void sending(ClientRequest request) {
        ApiKeys api = request.apiKey();
        if (api == ApiKeys.FETCH || api == ApiKeys.SHARE_FETCH) Out.emit(Out.event("asks", client).put("api", api.name).put("to", request.destination()));
        if (api == ApiKeys.PRODUCE) produces(request);
    }

    private void produces(ClientRequest request) {
        ObjectNode event = Out.event("produces", client).put("to", request.destination());
        ArrayNode batches = event.putArray("batches");
        AbstractRequest built = request.requestBuilder().build(request.requestBuilder().latestAllowedVersion());
        if (!(built instanceof ProduceRequest)) return;
        ((ProduceRequest) built).data().topicData().forEach(topic -> topic.partitionData().forEach(partition -> {
            MemoryRecords records = (MemoryRecords) partition.records();
            for (RecordBatch batch : records.batches()) {
                batches.addObject().put("index", partition.index()).put("sequence", batch.baseSequence())
                    .put("count", batch.lastOffset() - batch.baseOffset() + 1).put("again", !sent.add(records));
            }
        }));
        Out.emit(event);
    }

    private void came(List<?> responses) {
        for (Object each : responses) {
            ClientResponse response = (ClientResponse) each;
            if (response.responseBody() == null) {
                if (response.wasDisconnected()) Out.emit(Out.event("lost", client).put("api", response.requestHeader().apiKey().name).put("from", response.destination()));
                continue;
            }
            for (Map.Entry<Errors, Integer> error : response.responseBody().errorCounts().entrySet()) {
                if (error.getKey() == Errors.NONE) continue;
                Out.emit(Out.event("refused", client).put("api", response.requestHeader().apiKey().name).put("from", response.destination())
                    .put("error", error.getKey().name()).put("count", error.getValue()));
            }
        }
    }
}
