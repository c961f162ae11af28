package testbed.client;

/** Spreads calls evenly over time; after a long call it does not catch up, since a burst would hide the pause. */
final class Pace {
    private final long intervalNanos;
    private long next = System.nanoTime();

    /** @param perSecond how many a second; 0: as fast as it goes */
    Pace(int perSecond) {
        intervalNanos = perSecond == 0 ? 0 : 1_000_000_000L / perSecond;
    }

    void await() throws InterruptedException {
        long now = System.nanoTime();
        if (now < next) {
            Thread.sleep((next - now) / 1_000_000, (int) ((next - now) % 1_000_000));
            next += intervalNanos;
        } else {
            next = now + intervalNanos;
        }
    }
}
