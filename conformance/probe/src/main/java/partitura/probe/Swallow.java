package partitura.probe;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Stands between one client and one broker and lets everything through, frame by frame, but what it is told to swallow,
 * to hold back or to send twice.
 */
final class Swallow {
    private static final class Order {
        final String how;
        final ApiKeys api;
        final boolean request;
        final long byMs;
        final boolean close;
        int times;

        Order(JsonNode of) {
            how = of.get("how").asText();
            api = ApiKeys.valueOf(of.get("api").asText().replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(java.util.Locale.ROOT));
            request = of.get("part").asText().equals("request");
            byMs = of.path("byMs").asLong(0);
            close = of.path("close").asBoolean(false);
            times = of.path("times").asInt(1);
        }
    }

    private final CopyOnWriteArrayList<Order> orders = new CopyOnWriteArrayList<>();

    Swallow(String listen, String broker) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(address(listen));
        daemon(() -> {
            while (true) {
                try {
                    Socket client = server.accept();
                    Socket behind = new Socket();
                    behind.connect(address(broker), 10_000);
                    client.setTcpNoDelay(true);
                    behind.setTcpNoDelay(true);
                    Map<Integer, Short> apis = new ConcurrentHashMap<>();
                    daemon(() -> pump(client, behind, true, apis));
                    daemon(() -> pump(behind, client, false, apis));
                } catch (IOException e) {
                    // this one did not come about
                }
            }
        });
    }

    void order(JsonNode of) {
        orders.add(new Order(of));
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static void daemon(Runnable body) {
        Thread thread = new Thread(body, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void pump(Socket from, Socket to, boolean requests, Map<Integer, Short> apis) {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            DataOutputStream out = new DataOutputStream(to.getOutputStream());
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                ByteBuffer buffer = ByteBuffer.wrap(frame);
                short api;
                if (requests) {
                    api = buffer.getShort();
                    buffer.getShort();
                    apis.put(buffer.getInt(), api);
                } else {
                    Short asked = apis.remove(buffer.getInt());
                    api = asked == null ? -1 : asked;
                }
                Order order = taken(api, requests);
                if (order != null && order.how.equals("drop")) {
                    Out.emit(Out.event("tampered").put("how", order.how).put("api", order.api.name));
                    if (order.close) break;
                    continue;
                }
                if (order != null && order.how.equals("delay")) {
                    Out.emit(Out.event("tampered").put("how", order.how).put("api", order.api.name));
                    Thread.sleep(order.byMs);
                }
                for (int i = 0; i < (order != null && order.how.equals("duplicate") ? 2 : 1); i++) {
                    out.writeInt(frame.length);
                    out.write(frame);
                }
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // either side has gone
        }
        close(from);
        close(to);
    }

    private synchronized Order taken(short api, boolean request) {
        for (Order order : orders) {
            if (order.api.id != api || order.request != request || order.times <= 0) continue;
            if (--order.times == 0) orders.remove(order);
            return order;
        }
        return null;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone
        }
    }
}
