package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The application of somebody who polls: in a loop, or one call after another, by hand. */
abstract class ReaderHost extends Host {
    private static final Runnable STOP = () -> { };
    volatile Thread thread;
    final Failing failing;

    ReaderHost(JsonNode spec) {
        super(spec);
        failing = new Failing(id, spec);
    }

    abstract void open();

    /** One turn of the loop: poll, and handle what has come. */
    abstract void turn();

    abstract void close();

    @Override
    synchronized void start() {
        if (running) return;
        running = true;
        thread = new Thread(this::work, "app-" + id);
        thread.start();
    }

    private void work() {
        boolean fatal = false;
        try {
            open();
            tell("running");
            boolean manual = "manual".equals(text(spec, "polls"));
            loop:
            while (true) {
                Runnable call = manual ? calls.take() : calls.poll();
                for (; call != null; call = manual ? null : calls.poll()) {
                    if (call == STOP) break loop;
                    call.run();
                }
                if (!manual) turn();
            }
        } catch (InterruptedException e) {
            // told to end
        } catch (RuntimeException e) {
            fatal = true;
            failed("poll", e, true);
        }
        try {
            close();
        } catch (RuntimeException e) {
            failed("close", e, false);
        }
        running = false;
        tell(fatal ? "fatal" : "stopped");
    }

    @Override
    void stop() {
        if (running) calls.add(STOP);
        else tell("stopped");
    }

    /** It has been told to end. */
    boolean isToStop() {
        return calls.contains(STOP);
    }

    List<String> topics() {
        List<String> topics = new ArrayList<>();
        spec.path("topics").forEach(topic -> topics.add(topic.asText()));
        return topics;
    }

    /** Whether the application wants this record. What it drops without work is told. */
    static boolean wants(String id, JsonNode spec, ConsumerRecord<byte[], byte[]> record) {
        String keys = text(spec, "filter");
        if (keys == null || matches(keys, shown(record.key()))) return true;
        Out.emit(Out.event("filtered", id).put("p", record.topic() + "/" + record.partition()).put("o", record.offset()));
        return false;
    }

    /** What is told of a record that has been handled. */
    static ObjectNode handled(String id, ConsumerRecord<byte[], byte[]> record) {
        return Out.event("handled", id).put("p", record.topic() + "/" + record.partition()).put("o", record.offset())
            .put("key", shown(record.key())).put("value", shown(record.value()));
    }
}
