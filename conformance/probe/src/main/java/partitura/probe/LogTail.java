package partitura.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.FileLogInputStream;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** The files of one replica, read as they grow: what Kafka's dump tool would show, and whatever the process is doing. */
final class LogTail {
    private static final class Segment {
        long size;
        long until;
        long inode;
        String lastBatch = "";
        final List<ObjectNode> batches = new ArrayList<>();
    }

    private final File dir;
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private String told = "";
    private long aborted = -1;
    private List<long[]> abortedList = List.of();

    LogTail(File dir) {
        this.dir = dir;
    }

    boolean exists() {
        return dir.isDirectory();
    }

    /** Calls back with the whole of it when anything is new. */
    void look(Consumer<ObjectNode> change) throws IOException {
        File[] files = dir.listFiles((d, name) -> name.endsWith(".log"));
        if (files == null) return;
        boolean changed = segments.size() != files.length;
        Map<Long, File> found = new HashMap<>();
        for (File file : files) found.put(Long.parseLong(file.getName().substring(0, 20)), file);
        changed |= segments.keySet().retainAll(found.keySet());
        for (Map.Entry<Long, File> each : found.entrySet()) changed |= read(segments.computeIfAbsent(each.getKey(), k -> new Segment()), each.getValue());
        String epochs = text("leader-epoch-checkpoint");
        long sizes = 0;
        for (File file : dir.listFiles((d, name) -> name.endsWith(".txnindex"))) sizes += file.length();
        if (sizes != aborted) {
            aborted = sizes;
            abortedList = aborted();
            changed = true;
        }
        if (!changed && epochs.equals(told)) return;
        told = epochs;
        change.accept(shown(epochs));
    }

    private boolean read(Segment segment, File file) throws IOException {
        long size = file.length();
        Object key = Files.getAttribute(file.toPath(), "unix:ino");
        long inode = ((Number) key).longValue();
        boolean same = segment.inode == inode && size >= segment.until;
        if (same && size == segment.size) return false;
        try (FileRecords records = FileRecords.open(file, false)) {
            // What was read last has to be there still: a log may be cut and grow again between two looks.
            if (!same || !lastOf(records, segment).equals(segment.lastBatch)) {
                segment.until = 0;
                segment.lastBatch = "";
                segment.batches.clear();
            }
            segment.inode = inode;
            segment.size = size;
            for (FileLogInputStream.FileChannelRecordBatch batch : records.batchesFrom((int) segment.until)) {
                if (batch.position() + batch.sizeInBytes() > size) break;
                segment.batches.add(shown(batch));
                segment.until = batch.position() + (long) batch.sizeInBytes();
                segment.lastBatch = identity(batch);
            }
        } catch (RuntimeException e) {
            // Half written, or damaged: what could be read stands.
            segment.size = size;
        }
        return true;
    }

    private static String lastOf(FileRecords records, Segment segment) {
        if (segment.batches.isEmpty()) return "";
        long at = segment.batches.get(segment.batches.size() - 1).get("position").asLong();
        for (FileLogInputStream.FileChannelRecordBatch batch : records.batchesFrom((int) at)) return identity(batch);
        return "none";
    }

    private static String identity(FileLogInputStream.FileChannelRecordBatch batch) {
        return batch.position() + " " + batch.baseOffset() + " " + batch.partitionLeaderEpoch() + " " + ((batch instanceof RecordBatch) ? batch.checksum() : 0);
    }

    private static ObjectNode shown(FileLogInputStream.FileChannelRecordBatch batch) {
        ObjectNode one = Out.JSON.createObjectNode();
        one.put("position", batch.position()).put("base", batch.baseOffset()).put("last", batch.lastOffset()).put("bytes", batch.sizeInBytes()).put("epoch", batch.partitionLeaderEpoch())
            .put("producerId", batch.producerId()).put("producerEpoch", batch.producerEpoch()).put("sequence", batch.baseSequence()).put("crc", batch.checksum())
            .put("timestamp", batch.maxTimestamp()).put("timestampType", batch.timestampType().name).put("txn", batch.isTransactional());
        if (batch.deleteHorizonMs().isPresent()) one.put("horizon", batch.deleteHorizonMs().getAsLong());
        ArrayNode records = one.putArray("records");
        if (!batch.isValid()) {
            one.put("broken", true);
            return one;
        }
        for (Record record : batch) {
            if (batch.isControlBatch()) {
                ControlRecordType type = ControlRecordType.parse(record.key());
                one.put("control", type == ControlRecordType.COMMIT ? "commit" : type == ControlRecordType.ABORT ? "abort" : "none");
                records.addArray().add(record.offset()).addNull().addNull();
            } else records.addArray().add(record.offset()).add(Host.shown(record.key())).add(Host.shown(record.value()));
        }
        return one;
    }

    private String text(String file) {
        try {
            return Files.readString(new File(dir, file).toPath());
        } catch (IOException e) {
            return "";
        }
    }

    private List<long[]> aborted() {
        List<long[]> list = new ArrayList<>();
        File[] files = dir.listFiles((d, name) -> name.endsWith(".txnindex"));
        if (files == null) return list;
        Arrays.sort(files);
        for (File file : files) {
            try {
                java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(Files.readAllBytes(file.toPath()));
                while (buffer.remaining() >= 34) {
                    buffer.getShort();
                    buffer.getLong();
                    long first = buffer.getLong();
                    long last = buffer.getLong();
                    buffer.getLong();
                    list.add(new long[] {first, last});
                }
            } catch (IOException e) {
                // gone meanwhile
            }
        }
        return list;
    }

    private ObjectNode shown(String epochs) {
        ObjectNode of = Out.JSON.createObjectNode();
        long leo = segments.isEmpty() ? 0 : segments.lastKey();
        ArrayNode bases = of.putArray("bases");
        ArrayNode sizes = of.putArray("sizes");
        ArrayNode batches = of.putArray("batches");
        for (Map.Entry<Long, Segment> each : segments.entrySet()) {
            bases.add(each.getKey());
            sizes.add(each.getValue().size);
            for (ObjectNode batch : each.getValue().batches) {
                batches.add(batch);
                leo = Math.max(leo, batch.get("last").asLong() + 1);
            }
        }
        of.put("leo", leo);
        ArrayNode cache = of.putArray("epochs");
        String[] lines = epochs.split("\n");
        for (int i = 2; i < lines.length; i++) {
            String[] pair = lines[i].split(" ");
            cache.addArray().add(Long.parseLong(pair[0])).add(Long.parseLong(pair[1]));
        }
        ArrayNode list = of.putArray("aborted");
        for (long[] pair : abortedList) list.addArray().add(pair[0]).add(pair[1]);
        return of;
    }
}
