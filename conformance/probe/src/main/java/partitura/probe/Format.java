package partitura.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kafka.tools.StorageTool;

/** Formats the directories of all nodes in one JVM: `format CLUSTER_ID FEATURES FILE...`, features by comma, or a dash. */
final class Format {
    private Format() { }

    static void all(String[] args) {
        for (String file : Arrays.asList(args).subList(3, args.length)) {
            List<String> words = new ArrayList<>(List.of("format", "-t", args[1], "-c", file));
            if (!args[2].equals("-")) for (String feature : args[2].split(",")) words.addAll(List.of("--feature", feature));
            int code = StorageTool.execute(words.toArray(new String[0]), System.out);
            if (code != 0) System.exit(code);
        }
    }
}
