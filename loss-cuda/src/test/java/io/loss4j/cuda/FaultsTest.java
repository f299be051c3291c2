package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.backend.Availability;
import io.loss4j.backend.Backends;
import io.loss4j.backend.Verdict;
import io.loss4j.cuda.driver.CudaException;
import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.Sparsemax;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What can go wrong with a driver and a GPU, what is said about it, and that nothing stays behind. */
@Tag(FakeDriver.TAG)
@ExtendWith(FakeDriver.class)
class FaultsTest {
    /** 8 MiB of logits: two pieces, on two lanes. */
    private static final int ROWS = 2048;

    private static final int COLUMNS = 1024;

    private final LossFunction loss = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.SUM);

    @BeforeEach
    void aWorkingDriver() {
        Backends.list(); // asks for availability once per process: not in the middle of a fault
        CudaBackend.release();
        FakeDriver.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        try {
            FakeDriver.requireNothingLeft();
        } finally {
            FakeDriver.reset();
            System.clearProperty(Gpus.DEVICE);
            System.clearProperty(Gpus.MEMORY);
        }
    }

    private static Availability.Unavailable unavailable() {
        Availability answer = new CudaBackend().availability();
        return assertInstanceOf(Availability.Unavailable.class, answer, answer::toString);
    }

    private static void requireUnavailable(String code, String reason, String remedy) {
        Availability.Unavailable no = unavailable();
        assertEquals(code, no.code(), no::toString);
        assertTrue(no.reason().contains(reason), no::toString);
        assertTrue(no.remedy().contains(remedy), no::toString);
    }

    @Test
    void r8_aWorkingDriverIsDescribed() {
        Availability answer = new CudaBackend().availability();
        String text = assertInstanceOf(Availability.Available.class, answer, answer::toString)
                .description();
        assertTrue(text.contains("compute capability 9.0, driver for CUDA "), text);
        assertTrue(text.contains("GB/s") && text.contains("ns per logit"), text);
    }

    @Test
    void r8_noDevice() {
        FakeDriver.arm("no_device", 1);
        requireUnavailable("L4J-C04", "CUDA_ERROR_NO_DEVICE (100, ", "nvidia-smi");
    }

    @Test
    void r8_theDriverIsTooOld() {
        FakeDriver.arm("driver_version", 11040);
        requireUnavailable("L4J-C03", "supports CUDA 11.4, expected at least 11.", "update it");
    }

    @Test
    void r8_theDriverCannotCompileThisPtx() {
        FakeDriver.arm("unsupported_ptx", 1);
        requireUnavailable("L4J-C06", "CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222", "update the NVIDIA driver");
    }

    @Test
    void r8_aFailureOfTheCompilerShowsItsLog() {
        FakeDriver.arm("invalid_ptx", 1);
        requireUnavailable("L4J-C06", "for softmax_float; its compiler says: ptxas ", "update the NVIDIA driver");
    }

    @Test
    void r8_theGpuIsTooOld() {
        FakeDriver.arm("capability", 61);
        requireUnavailable("L4J-C05", "compute capability 6.1", "a newer GPU");
    }

    @Test
    void r8_wrongPropertiesAreNamed() {
        System.setProperty(Gpus.DEVICE, "3");
        requireUnavailable("L4J-C07", "-Dloss4j.cuda.device is '3', expected the number of a GPU from 0 to 0", "");
        System.setProperty(Gpus.DEVICE, "first");
        requireUnavailable("L4J-C07", "-Dloss4j.cuda.device is 'first'", "correct it");
        System.clearProperty(Gpus.DEVICE);
        System.setProperty(Gpus.MEMORY, "much");
        requireUnavailable("L4J-C07", "-Dloss4j.cuda.memory is 'much'", "correct it");
    }

    @Test
    void theGpuWithMostFreeMemoryIsTaken() {
        FakeDriver.arm("devices", 3);
        FakeDriver.arm("roomy_device", 2);
        System.setProperty(Gpus.DEVICE, "1");
        requireAvailable("Emulated GPU 1, ");
        CudaBackend.release();
        System.clearProperty(Gpus.DEVICE);
        requireAvailable("Emulated GPU 2, ");
    }

    private static void requireAvailable(String device) {
        Availability answer = new CudaBackend().availability();
        String text = assertInstanceOf(Availability.Available.class, answer, answer::toString)
                .description();
        assertTrue(text.startsWith(device), text);
    }

    /** Predictions that no two rows share, and labels. */
    private static INDArray logits() {
        return Nd4j.arange((double) ROWS * COLUMNS)
                .muli(0.37)
                .fmodi(7)
                .reshape(ROWS, COLUMNS)
                .castTo(DataType.FLOAT);
    }

    private static INDArray labels() {
        return Nd4j.arange(ROWS).castTo(DataType.INT32);
    }

    private LossResult onCpu() {
        return loss.on("cpu").valueAndGradient(logits(), labels().fmod(COLUMNS).castTo(DataType.INT32));
    }

    private LossResult onCuda() {
        return loss.on("cuda").valueAndGradient(logits(), labels().fmod(COLUMNS).castTo(DataType.INT32));
    }

    private static void requireAlike(LossResult expected, LossResult actual) {
        assertEquals(expected.value(), actual.value(), 1e-6 * Math.abs(expected.value()));
        assertTrue(actual.gradient().equalsWithEps(expected.gradient(), 1e-6), "gradients differ");
    }

    @Test
    void r4_3_severalPiecesGiveTheSameBitsEachTime() {
        LossResult first = onCuda();
        requireAlike(onCpu(), first);
        LossResult second = onCuda();
        assertEquals(first.value(), second.value());
        assertEquals(first.gradient(), second.gradient());
        assertTrue(FakeDriver.count("launches") >= 4, "one launch per piece");
    }

    @Test
    void outOfMemoryMeansSmallerPieces() {
        LossResult expected = onCpu();
        Gpus.at(0);
        CudaBackend.release(); // calibrated lanes would be large enough
        Gpus.at(0).lanes.clear();
        for (String memory : new String[] {"out_of_memory", "pinned_out_of_memory"}) {
            for (int k = 1; k <= 2; k++) {
                Gpus.at(0).lanes.clear();
                FakeDriver.arm(memory, k);
                requireAlike(expected, onCuda());
            }
        }
    }

    @Test
    void noMemoryAtAllIsAnError() {
        Gpu gpu = Gpus.at(0);
        gpu.lanes.clear();
        FakeDriver.arm("memory", 1 << 10);
        BackendException e = assertThrows(BackendException.class, this::onCuda);
        assertTrue(e.getMessage().contains("L4J-C09"), e::getMessage);
        FakeDriver.reset();
        requireAlike(onCpu(), onCuda());
    }

    @Test
    void r6_2_aRefusedLaunchLeavesTheGpuUsable() {
        Gpus.at(0);
        FakeDriver.arm("launch_failure", 2);
        BackendException e = assertThrows(BackendException.class, this::onCuda);
        CudaException cause = assertInstanceOf(CudaException.class, e.getCause());
        assertEquals("L4J-C08", cause.code());
        assertEquals("cuLaunchKernel", cause.call());
        assertTrue(cause.getMessage().contains("CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (701"), cause::getMessage);
        requireAlike(onCpu(), onCuda());
    }

    @Test
    void r8_3_aLostContextIsSaidOnceAndThenDeclined() {
        for (String fault : new String[] {"illegal_address", "ecc"}) {
            Gpus.at(0);
            FakeDriver.arm(fault, 2);
            BackendException e = assertThrows(BackendException.class, this::onCuda);
            CudaException cause = assertInstanceOf(CudaException.class, e.getCause());
            assertTrue(cause.losesContext() && cause.getMessage().contains("restart the process"), cause::getMessage);
            e = assertThrows(BackendException.class, this::onCuda);
            assertTrue(e.getMessage().contains("L4J-C10"), e::getMessage);
            Verdict verdict = loss.on("cuda").resolve(logits(), labels(), null).verdicts().stream()
                    .filter(v -> v.backend().equals("cuda"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(Verdict.Outcome.DECLINED, verdict.outcome(), verdict::toString);
            FakeDriver.requireNothingLeft();
            FakeDriver.reset();
        }
        requireAlike(onCpu(), onCuda());
    }

    @Test
    void slowCopiesChangeNothing() {
        LossResult expected = onCuda();
        FakeDriver.arm("slow_copies", 2000);
        LossResult slow = onCuda();
        assertEquals(expected.value(), slow.value());
        assertEquals(expected.gradient(), slow.gradient());
    }

    @Test
    void r3_4_aBadLabelInALaterPieceIsNamedAndLeavesTheGpuUsable() {
        INDArray labels = labels().fmod(COLUMNS).castTo(DataType.INT32);
        labels.putScalar(1500, COLUMNS);
        labels.putScalar(1501, -5);
        LossInputException e =
                assertThrows(LossInputException.class, () -> loss.on("cuda").value(logits(), labels));
        assertEquals("L4J-L01", e.code());
        assertTrue(e.getMessage().contains("the label of row 1500 is 1024"), e::getMessage);
        requireAlike(onCpu(), onCuda());
    }

    @Test
    void r8_rowsThatAKernelHasNoRoomForAreDeclined() {
        FakeDriver.arm("shared_memory", 64 << 10); // Turing
        LossFunction sparse = LossFunction.of(new Sparsemax()).withReduction(Reduction.SUM);
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3000);
        INDArray y = Nd4j.createFromArray(0, 2999);
        BackendException e =
                assertThrows(BackendException.class, () -> sparse.on("cuda").value(x, y));
        assertTrue(
                e.getMessage().contains("L4J-C11 sparsemax: its kernel takes rows of up to 2556 columns"),
                e::getMessage);
        assertEquals(sparse.on("cpu").value(x, y), sparse.on("cuda,cpu").value(x, y));
        INDArray shorter =
                x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2556)).dup();
        INDArray ends = Nd4j.createFromArray(0, 2555);
        assertEquals(sparse.on("cpu").value(shorter, ends), sparse.on("cuda").value(shorter, ends), 1e-5);
    }

    @Test
    void r6_1_aReleaseBetweenCallsIsNoticedByNobody() throws Exception {
        LossFunction onCuda = loss.on("cuda");
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 4);
        INDArray y = Nd4j.createFromArray(0, 1, 2);
        double expected = onCuda.value(x, y);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                calls.add(threads.submit(() -> {
                    for (int n = 0; n < 30; n++) {
                        assertEquals(expected, onCuda.value(x, y));
                    }
                }));
            }
            while (!calls.stream().allMatch(Future::isDone)) {
                CudaBackend.release();
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void keptMemoryIsBounded() {
        System.setProperty(Gpus.MEMORY, "1m");
        onCuda();
        assertTrue(FakeDriver.count("device_bytes") <= 1 << 20, FakeDriver.count("device_bytes") + " bytes are kept");
        CudaBackend.release();
        System.setProperty(Gpus.MEMORY, "1g");
        onCuda();
        assertTrue(FakeDriver.count("device_bytes") > 1 << 20, "the next call needs no new memory");
    }
}
