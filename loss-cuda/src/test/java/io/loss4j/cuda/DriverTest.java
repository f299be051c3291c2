package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
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
                CudaException.class, () -> Gpus.at(0).use(() -> Context.function(0x10, "none")));
        assertEquals("L4J-C08", e.code());
        assertTrue(e.call().startsWith("cuModuleGetFunction"), e::call);
        assertTrue(e.getMessage().contains("L4J-C08 cuModuleGetFunction none returned CUDA_ERROR_"), e::getMessage);
        assertTrue(e.getMessage().contains("(" + e.result() + ", "), e::getMessage);
        assertFalse(e.losesContext());
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
