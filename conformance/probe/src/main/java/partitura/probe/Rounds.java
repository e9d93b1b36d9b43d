package partitura.probe;

/** How often somebody who looks over and over has looked, and for how long he has waited for an answer. */
final class Rounds {
    private volatile long done;
    private volatile long began;

    void begin() {
        began = System.nanoTime();
    }

    void end() {
        done++;
        began = 0;
    }

    long done() {
        return done;
    }

    long silentForMs() {
        long since = began;
        return since == 0 ? 0 : (System.nanoTime() - since) / 1_000_000L;
    }
}
