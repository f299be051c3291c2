package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.backend.Availability;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrewTest {
    private static final long MANY = 1_000_000;

    @AfterEach
    void threadsAsBefore() {
        System.clearProperty(Crew.PROPERTY);
    }

    private static RowKernel kernel(int chunkRows, RowKernel.Worker worker) {
        return new RowKernel() {
            @Override
            public int chunkRows() {
                return chunkRows;
            }

            @Override
            public Worker worker() {
                return worker;
            }
        };
    }

    @Test
    void r4_3_sumsHaveTheSameBitsForAnyNumberOfThreads() {
        RowKernel.Worker harmonic = (first, rows, totals) -> {
            double sum = 0;
            for (long i = first; i < first + rows; i++) {
                sum += 1.0 / (i + 1);
            }
            return sum;
        };
        System.setProperty(Crew.PROPERTY, "1");
        double alone = Crew.run(kernel(37, harmonic), 10_007, MANY, null);
        for (String threads : new String[] {"2", "7"}) {
            System.setProperty(Crew.PROPERTY, threads);
            for (int repeat = 0; repeat < 20; repeat++) {
                assertEquals(alone, Crew.run(kernel(37, harmonic), 10_007, MANY, null), 0);
            }
        }
    }

    @Test
    void everyRowIsDoneOnceAndTheLastChunkIsShort() {
        AtomicLong rowsDone = new AtomicLong();
        ConcurrentHashMap<Long, Integer> chunks = new ConcurrentHashMap<>();
        Crew.run(
                kernel(64, (first, rows, totals) -> {
                    rowsDone.addAndGet(rows);
                    chunks.merge(first, rows, Integer::sum);
                    return 0;
                }),
                64 * 10 + 1,
                MANY,
                null);
        assertEquals(641, rowsDone.get());
        assertEquals(1, chunks.get(640L));
        assertEquals(11, chunks.size());
    }

    @Test
    void r6_2_theFirstFailureInRowOrderIsReportedAndTheCrewGoesOn() {
        for (int repeat = 0; repeat < 50; repeat++) {
            IllegalArgumentException failure = assertThrows(
                    IllegalArgumentException.class,
                    () -> Crew.run(
                            kernel(1, (first, rows, totals) -> {
                                if (first == 13 || first == 14 || first == 900) {
                                    throw new IllegalArgumentException("row " + first);
                                }
                                return 1;
                            }),
                            1000,
                            MANY,
                            null));
            assertEquals("row 13", failure.getMessage());
        }
        assertEquals(1000, Crew.run(kernel(1, (first, rows, totals) -> rows), 1000, MANY, null));
    }

    @Test
    void r6_1_aBusyPoolBlocksNobody() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        Thread hog = new Thread(() -> Crew.run(
                kernel(1, (first, rows, totals) -> {
                    busy.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return 0;
                }),
                64,
                MANY,
                null));
        hog.start();
        try {
            busy.await();
            assertEquals(500, Crew.run(kernel(1, (first, rows, totals) -> rows), 500, MANY, null));
        } finally {
            release.countDown();
            hog.join();
        }
    }

    @Test
    void smallWorkStaysOnTheCallersThread() {
        Thread caller = Thread.currentThread();
        assertEquals(1, Crew.size(100));
        Crew.run(
                kernel(1, (first, rows, totals) -> {
                    assertEquals(caller, Thread.currentThread());
                    return 0;
                }),
                50,
                100,
                null);
    }

    @Test
    void r9_aWrongNumberOfThreadsIsRefusedByName() {
        for (String wrong : new String[] {"0", "-1", "two", ""}) {
            System.setProperty(Crew.PROPERTY, wrong);
            Availability.Unavailable no = (Availability.Unavailable) new CpuBackend().availability();
            assertEquals("L4J-B13", no.code());
            assertTrue(no.reason().contains("'" + wrong + "'"), no.reason());
        }
    }

    @Test
    void neverMoreThreadsThanProcessors() {
        System.setProperty(Crew.PROPERTY, "1000");
        assertTrue(Crew.threads() <= Runtime.getRuntime().availableProcessors());
        System.setProperty(Crew.PROPERTY, "1");
        assertEquals(1, Crew.threads());
    }
}
