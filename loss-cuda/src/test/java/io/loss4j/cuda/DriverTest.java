package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.loss4j.cuda.driver.Context;
import io.loss4j.cuda.driver.CudaException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.systeminfo.SystemInfo;

/** The binding beside what ND4J brings, and what it says of a failure. */
@ExtendWith(FakeDriver.class)
class DriverTest {
    @Test
    void nd4jsOwnUseOfJnaWorksWithOurVersion() {
        assertNotNull(Nd4j.getExecutioner());
        Gpus.at(0);
        assertEquals("5", Native.VERSION.split("\\.")[0], "ND4J brings 4.3.0");
        assertTrue(SystemInfo.getSystemInfo().contains("CPU"), "through OSHI and jna-platform");
    }

    @Test
    void r9_aFailureHasNameTextCallAndRemedy() {
        CudaException e = Assertions.assertThrows(
                CudaException.class,
                () -> Gpus.at(0).use(() -> Context.function(Gpus.at(0).module("softmax_float"), "none")));
        assertEquals("L4J-C08", e.code());
        assertTrue(e.call().startsWith("cuModuleGetFunction"), e::call);
        assertTrue(e.getMessage().contains("L4J-C08 cuModuleGetFunction none returned CUDA_ERROR_"), e::getMessage);
        assertTrue(e.getMessage().contains("(" + e.result() + ", "), e::getMessage);
        assertFalse(e.losesContext());
    }

    @Test
    void eventsTellTheTimeBetweenThem() {
        double elapsed = Gpus.at(0).use(() -> {
            long stream = Context.createStream();
            long start = Context.createTimedEvent();
            long end = Context.createTimedEvent();
            Context.record(start, stream);
            Context.record(end, stream);
            Context.await(end);
            double milliseconds = Context.milliseconds(start, end);
            Context.destroyEvent(start);
            Context.destroyEvent(end);
            Context.destroyStream(stream);
            return milliseconds;
        });
        assertTrue(elapsed >= 0 && elapsed < 60_000, () -> elapsed + " ms");
    }

    @Test
    void r9_eventsThatKeepNoTimeOrWereNeverRecordedTellNone() {
        Gpus.at(0).use(() -> {
            long stream = Context.createStream();
            long timed = Context.createTimedEvent();
            long timeless = Context.createEvent();
            for (long event : new long[] {timed, timeless}) {
                CudaException e = Assertions.assertThrows(
                        CudaException.class, () -> Context.milliseconds(event, event), "never recorded");
                assertEquals("cuEventElapsedTime", e.call());
                Context.record(event, stream);
            }
            Context.synchronize(stream);
            assertEquals(0, Context.milliseconds(timed, timed));
            Assertions.assertThrows(CudaException.class, () -> Context.milliseconds(timed, timeless));
            Context.destroyEvent(timed);
            Context.destroyEvent(timeless);
            Context.destroyStream(stream);
            return true;
        });
    }

    @Test
    void memoryIsFilledAndCopiedOnTheDevice() {
        Gpus.at(0).use(() -> {
            long stream = Context.createStream();
            long from = Context.allocate(64);
            long to = Context.allocate(64);
            long pinned = Context.allocatePinned(64);
            Context.fill(from, (byte) 0x5c, 64, stream);
            Context.fill(to, (byte) 0, 64, stream);
            Context.copy(to, from, 63, stream);
            Context.download(pinned, to, 64, stream);
            Context.synchronize(stream);
            byte[] found = new Pointer(pinned).getByteArray(0, 64);
            for (int i = 0; i < 64; i++) {
                assertEquals(i < 63 ? 0x5c : 0, found[i], "byte " + i);
            }
            Context.freePinned(pinned);
            Context.free(from);
            Context.free(to);
            Context.destroyStream(stream);
            return true;
        });
    }

    @Test
    @Tag(FakeDriver.TAG)
    void r9_memoryThatIsNotThereIsNeitherFilledNorCopied() {
        Gpus.at(0).use(() -> {
            long block = Context.allocate(64);
            CudaException e =
                    Assertions.assertThrows(CudaException.class, () -> Context.fill(block, (byte) 0, 1 << 20, 0));
            assertEquals("cuMemsetD8Async", e.call());
            e = Assertions.assertThrows(CudaException.class, () -> Context.copy(block, 0x10, 64, 0));
            assertEquals("cuMemcpyDtoDAsync", e.call());
            Context.free(block);
            return true;
        });
    }

    @Test
    @Tag(FakeDriver.TAG)
    void aThreadKeepsTheContextThatItHad() {
        Gpu gpu = Gpus.at(0);
        long before = gpu.use(() -> 0L);
        assertEquals(0, before);
        assertEquals(1, FakeDriver.count("contexts"));
    }
}
