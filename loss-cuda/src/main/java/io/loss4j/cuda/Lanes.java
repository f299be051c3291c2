package io.loss4j.cuda;

import io.loss4j.cuda.driver.CudaException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of a device that nobody is using. They keep up to {@code loss4j.cuda.memory} bytes on the device; what comes
 * back beyond that is freed.
 */
final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private final long mostBytes;
    private final Deque<Lane> idle = new ArrayDeque<>();

    Lanes(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    Lane take() {
        Lane lane;
        synchronized (this) {
            lane = idle.pollLast();
        }
        return lane != null ? lane : new Lane();
    }

    /** Takes back a lane whose streams have nothing to do any more, or that knows who goes on. */
    void giveBack(Lane lane, boolean reusable) {
        boolean keep;
        synchronized (this) {
            keep = reusable && keptBytes() + lane.deviceBytes() <= mostBytes;
            if (keep) {
                idle.addLast(lane);
            }
        }
        if (!keep) {
            lane.close();
        }
    }

    private long keptBytes() {
        long bytes = 0;
        for (Lane lane : idle) {
            bytes += lane.deviceBytes();
        }
        return bytes;
    }

    /** Frees all that are idle. */
    void clear() {
        List<Lane> old;
        synchronized (this) {
            old = new ArrayList<>(idle);
            idle.clear();
        }
        old.forEach(Lane::close);
    }

    /** Cleaning up must go on whatever one step says; after a lost context all of them fail. */
    static void tryTo(Runnable step) {
        try {
            step.run();
        } catch (CudaException e) {
            LOG.debug("while cleaning up", e);
        }
    }
}
