package partitura.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;

/** One JSON object a line on stdout, each with the moment it speaks of. */
final class Out {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final PrintStream REAL = System.out;

    private Out() { }

    /** What libraries print goes to stderr: stdout is ours. */
    static void take() {
        System.setOut(System.err);
    }

    static long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
    }

    static ObjectNode event(String name) {
        ObjectNode node = JSON.createObjectNode();
        node.put("e", name);
        node.put("at", micros());
        return node;
    }

    static ObjectNode event(String name, String client) {
        return event(name).put("c", client);
    }

    static void emit(ObjectNode node) {
        String line = node.toString();
        synchronized (REAL) {
            REAL.println(line);
            REAL.flush();
        }
    }

    /** Kafka's name of an error; what only a client knows has a name of its own. */
    static String errorOf(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof ExecutionException || t instanceof CompletionException) continue;
            if (t instanceof CommitFailedException) return "COMMIT_FAILED";
            if (t instanceof RetriableCommitFailedException) return "RETRIABLE_COMMIT_FAILED";
            if (t instanceof LogTruncationException) return "LOG_TRUNCATION";
            if (t instanceof OffsetOutOfRangeException) return "OFFSET_OUT_OF_RANGE";
            if (t instanceof NoOffsetForPartitionException) return "NO_OFFSET";
            if (t instanceof ConfigException) return "CONFIG";
            if (t instanceof TimeoutException) return "TIMED_OUT";
            if (t instanceof InterruptException) return "INTERRUPTED";
            // What CompletedFetch makes of a wrong checksum has no class of its own.
            if (t.getMessage() != null && t.getMessage().startsWith("Record batch for partition") && t.getMessage().contains("is invalid")) return "CORRUPT_MESSAGE";
            Errors error = Errors.forException(t);
            if (error != Errors.UNKNOWN_SERVER_ERROR || t.getCause() == null) return t instanceof IllegalStateException ? "INVALID_TXN_STATE" : error.name();
        }
        return "UNKNOWN_SERVER_ERROR";
    }
}
