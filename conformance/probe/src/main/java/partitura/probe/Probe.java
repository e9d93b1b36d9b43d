package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The program that hosts the clients of a live scenario: the official Java clients as threads, an admin client, and whoever
 * looks at the cluster. It is told what to do by JSON objects, one a line on stdin, and answers in the same way on stdout.
 * It ends when stdin does.
 */
public final class Probe {
    private static final Map<String, Host> HOSTS = new ConcurrentHashMap<>();
    private static final Map<String, AdminHost> ADMINS = new ConcurrentHashMap<>();
    private static final Map<String, Swallow> PROXIES = new ConcurrentHashMap<>();
    private static final ExecutorService WAITING = Executors.newCachedThreadPool();
    private static Look look;

    private Probe() { }

    public static void main(String[] args) throws IOException {
        if (args.length > 0 && args[0].equals("format")) {
            Format.all(args);
            return;
        }
        Out.take();
        Thread sampler = new Thread(Probe::sample, "sampler");
        sampler.setDaemon(true);
        sampler.start();
        Out.emit(Out.event("hello").put("pid", ProcessHandle.current().pid()));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode command = Out.JSON.readTree(line);
            try {
                obey(command);
            } catch (Exception e) {
                ObjectNode event = Out.event("confused").put("text", String.valueOf(e)).put("line", line);
                if (command.has("id")) event.set("id", command.get("id"));
                Out.emit(event);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static void obey(JsonNode command) throws Exception {
        switch (command.get("do").asText()) {
            case "make" -> {
                JsonNode spec = command.get("spec");
                HOSTS.put(spec.get("id").asText(), switch (command.get("kind").asText()) {
                    case "producer" -> new ProducerHost(spec);
                    case "turns" -> new TurnsHost(spec);
                    case "consumer" -> new ConsumerHost(spec);
                    case "share" -> new ShareHost(spec);
                    default -> throw new IllegalArgumentException(command.toString());
                });
            }
            case "start" -> host(command).start();
            case "stop" -> host(command).stop();
            case "call" -> host(command).call(command);
            case "admin" -> ADMINS.computeIfAbsent("admin", id -> new AdminHost(command)).ask(command);
            case "look" -> {
                look = new Look(command);
                look.begin();
                done(command);
            }
            case "look-groups" -> {
                look.beginGroups();
                done(command);
            }
            case "watch" -> look.watchTopic(command.get("topic").asText());
            case "fresh" -> WAITING.execute(() -> {
                try {
                    look.fresh(command.get("ms").asLong());
                } catch (InterruptedException e) {
                    return;
                }
                done(command);
            });
            case "proxy" -> {
                PROXIES.put(command.get("listen").asText(), new Swallow(command.get("listen").asText(), command.get("broker").asText()));
                done(command);
            }
            case "tamper" -> {
                PROXIES.get(command.get("listen").asText()).order(command);
                done(command);
            }
            case "warm" -> WAITING.execute(() -> {
                Warm.up(command);
                done(command);
            });
            default -> throw new IllegalArgumentException(command.toString());
        }
    }

    private static Host host(JsonNode command) {
        return HOSTS.get(command.get("client").asText());
    }

    private static void done(JsonNode command) {
        ObjectNode event = Out.event("done");
        if (command.has("id")) event.put("id", command.get("id").asInt());
        Out.emit(event);
    }

    private static void sample() {
        while (true) {
            for (Host host : HOSTS.values()) {
                try {
                    host.sample();
                } catch (RuntimeException e) {
                    // it was being closed
                }
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
