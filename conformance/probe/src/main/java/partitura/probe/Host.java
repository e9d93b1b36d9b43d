package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** A client of the scenario with its application: one thread, as in the simulator, that does what it is told in order. */
abstract class Host {
    final String id;
    final JsonNode spec;
    final LinkedBlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    volatile boolean running;

    Host(JsonNode spec) {
        this.spec = spec;
        this.id = spec.get("id").asText();
    }

    abstract void start();

    abstract void stop();

    abstract void call(JsonNode command);

    /** Seen every 20 ms by a thread of the probe. */
    abstract void sample();

    Properties config() {
        Properties properties = new Properties();
        spec.get("config").fields().forEachRemaining(each -> properties.put(each.getKey(), each.getValue().asText()));
        properties.put("client.id", id);
        properties.put("bootstrap.servers", spec.get("bootstrap").asText());
        return properties;
    }

    void tell(String state) {
        Out.emit(Out.event("state", id).put("state", state));
    }

    void failed(String call, Throwable thrown, boolean fatal) {
        Out.emit(Out.event("error", id).put("call", call).put("error", Out.errorOf(thrown)).put("fatal", fatal).put("text", String.valueOf(thrown)));
    }

    static String text(JsonNode node, String key) {
        return node.hasNonNull(key) ? node.get(key).asText() : null;
    }

    /** Keys as a scenario names them, `*` for any characters. A record without a key is only matched by `*`. */
    static boolean matches(String pattern, String key) {
        if (key == null) return pattern.equals("*");
        return key.matches(java.util.Arrays.stream(pattern.split("\\*", -1)).map(java.util.regex.Pattern::quote).collect(java.util.stream.Collectors.joining(".*")));
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** A value of a given size is its text with spaces behind it, or as much of it as fits: as the simulator's encoder has it. */
    static byte[] sized(byte[] value, JsonNode record) {
        if (value == null || !record.hasNonNull("bytes")) return value;
        byte[] filled = new byte[record.get("bytes").asInt()];
        Arrays.fill(filled, (byte) ' ');
        System.arraycopy(value, 0, filled, 0, Math.min(value.length, filled.length));
        return filled;
    }

    static Header[] headers(JsonNode record) {
        if (!record.has("headers")) return new Header[0];
        java.util.List<Header> headers = new java.util.ArrayList<>();
        record.get("headers").fields().forEachRemaining(each -> headers.add(new RecordHeader(each.getKey(), bytes(each.getValue().asText()))));
        return headers.toArray(new Header[0]);
    }

    /** What a reader tells of bytes: their text without the spaces behind it, hex where they are no text. */
    static String shown(java.nio.ByteBuffer buffer) {
        if (buffer == null) return null;
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return shown(bytes);
    }

    static String shown(byte[] bytes) {
        if (bytes == null) return null;
        try {
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == ' ') end--;
            return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes, 0, end)).toString();
        } catch (java.nio.charset.CharacterCodingException e) {
            StringBuilder hex = new StringBuilder();
            for (byte b : bytes) hex.append(String.format("%02x", b));
            return hex.toString();
        }
    }
}
