package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** One connection to one broker, one request at a time: exactly what is asked, nothing retried. */
final class Raw implements AutoCloseable {
    private final String host;
    private final int port;
    private final int timeoutMs;
    private final String clientId;
    private Socket socket;
    private int correlation;

    Raw(String address, int timeoutMs, String clientId) {
        this.host = address.substring(0, address.lastIndexOf(':'));
        this.port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        this.timeoutMs = timeoutMs;
        this.clientId = clientId;
    }

    AbstractResponse ask(AbstractRequest request, boolean answered) throws IOException {
        try {
            if (socket == null) {
                socket = new Socket();
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(timeoutMs);
                socket.connect(new InetSocketAddress(host, port), timeoutMs);
            }
            RequestHeader header = new RequestHeader(request.apiKey(), request.version(), clientId, ++correlation);
            ByteBuffer body = request.serializeWithHeader(header);
            OutputStream out = socket.getOutputStream();
            ByteBuffer framed = ByteBuffer.allocate(4 + body.remaining());
            framed.putInt(body.remaining()).put(body);
            out.write(framed.array());
            out.flush();
            if (!answered) return null;
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readInt()];
            in.readFully(answer);
            return AbstractResponse.parseResponse(ByteBuffer.wrap(answer), header);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** One Produce request with one batch, with the producer id, epoch and sequence that are given. */
    ProduceResponseData.PartitionProduceResponse produce(JsonNode order) throws IOException {
        String name = order.get("partition").asText();
        int slash = name.lastIndexOf('/');
        long now = System.currentTimeMillis();
        SimpleRecord[] records = new SimpleRecord[order.get("records").size()];
        for (int i = 0; i < records.length; i++) {
            JsonNode record = order.get("records").get(i);
            byte[] value = Host.sized(Host.bytes(Host.text(record, "value")), record);
            long timestamp = record.hasNonNull("timestamp") ? record.get("timestamp").asLong() : now;
            records[i] = new SimpleRecord(timestamp, Host.bytes(Host.text(record, "key")), value, Host.headers(record));
        }
        long producerId = order.path("producerId").asLong(-1);
        MemoryRecords batch = producerId < 0 ? MemoryRecords.withRecords(Compression.NONE, records)
            : MemoryRecords.withIdempotentRecords(Compression.NONE, producerId, (short) order.path("epoch").asInt(0), order.path("baseSequence").asInt(-1), records);
        short acks = (short) order.path("acks").asInt(-1);
        ProduceRequestData data = new ProduceRequestData().setAcks(acks).setTimeoutMs(30_000);
        data.topicData().add(new ProduceRequestData.TopicProduceData().setName(name.substring(0, slash))
            .setPartitionData(java.util.List.of(new ProduceRequestData.PartitionProduceData().setIndex(Integer.parseInt(name.substring(slash + 1))).setRecords(batch))));
        // Version 12 is the newest that names its topics.
        AbstractResponse response = ask(new ProduceRequest(data, (short) 12), acks != 0);
        return response == null ? null : ((ProduceResponse) response).data().responses().iterator().next().partitionResponses().get(0);
    }

    @Override
    public void close() {
        try {
            if (socket != null) socket.close();
        } catch (IOException e) {
            // it is gone
        }
        socket = null;
    }
}
