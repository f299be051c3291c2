package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.cuda.driver.Context;
import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BiTemperedLogistic;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MultilabelRanking;
import io.loss4j.loss.NormalizedCrossEntropy;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Seesaw;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.Sparsemax;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Anyone's arrays in device memory give what the same arrays of ND4J give on the CPU. */
@ExtendWith(FakeDriver.class)
class CudaLossTest {
    private OnGpu gpu;

    @BeforeEach
    void open() {
        gpu = new OnGpu();
    }

    @AfterEach
    void close() {
        gpu.close();
    }

    private static INDArray random(DataType type, long... shape) {
        Nd4j.getRandom().setSeed(shape[0] * 31);
        return Nd4j.randn(DataType.DOUBLE, shape).muli(2).castTo(type);
    }

    /** Value, gradient and terms are those of the CPU. */
    private void requireAlike(LossFunction function, INDArray x, INDArray y, INDArray mask) {
        LossResult expected = function.on("cpu").valueAndGradient(x, y, mask);
        INDArray expectedTerms = function.on("cpu").terms(x, y, mask);
        DataType type = x.dataType();
        DeviceArray gradient = gpu.empty(type, x.shape());
        DeviceArray terms = gpu.empty(expectedTerms.dataType(), expectedTerms.shape());
        DeviceArray value = gpu.empty(DataType.DOUBLE, 1);
        DeviceArray predictions = gpu.copyOf(x);
        DeviceArray labels = gpu.copyOf(y);
        DeviceArray weights = mask == null ? null : gpu.copyOf(mask);
        CudaLoss loss = CudaLoss.of(function);
        loss.run(predictions, labels, weights, new DeviceOutputs(value, gradient, terms), gpu.stream);
        double tolerance = type == DataType.DOUBLE ? 1e-12 : type == DataType.FLOAT ? 1e-5 : 1e-2;
        double magnitude = Math.max(1, Math.abs(expected.value()));
        assertEquals(expected.value(), gpu.read(value, DataType.DOUBLE).getDouble(0), 1e-5 * magnitude, "value");
        assertEquals(expected.value(), loss.value(predictions, labels, weights, gpu.stream), 1e-5 * magnitude);
        INDArray g = gpu.read(gradient, type).castTo(DataType.DOUBLE);
        INDArray e = expected.gradient().castTo(DataType.DOUBLE);
        assertTrue(g.equalsWithEps(e, tolerance * Math.max(1, e.amaxNumber().doubleValue())), () -> g + " for " + e);
        INDArray t = gpu.read(terms, expectedTerms.dataType());
        assertTrue(t.equalsWithEps(expectedTerms.dup('c'), 1e-4), () -> t + " for " + expectedTerms);
        CudaLoss.of(function).run(predictions, labels, weights, DeviceOutputs.gradient(gradient), gpu.stream);
        assertEquals(g, gpu.read(gradient, type).castTo(DataType.DOUBLE), "the gradient alone");
    }

    @Test
    void r1_1_everyTypeWithIndexAndDenseLabels() {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16)) {
            INDArray x = random(type, 19, 7);
            INDArray index = Nd4j.arange(19).fmod(7).castTo(DataType.INT64);
            requireAlike(LossFunction.of(new SoftmaxFocal(2)), x, index, null);
            INDArray soft = Nd4j.rand(DataType.FLOAT, 19, 7);
            requireAlike(LossFunction.of(new SigmoidFocal(0.25, 2)), x, soft, null);
        }
    }

    @Test
    void r1_1_lossesOfRowsByFormulasOfTheirOwn() {
        PerColumn counts = PerColumn.of(500.0, 100, 30, 9, 3, 1, 0);
        INDArray index = Nd4j.arange(19).fmod(7).castTo(DataType.INT64);
        INDArray oneHot = Nd4j.create(DataType.FLOAT, 19, 7);
        for (int r = 0; r < 19; r++) {
            oneHot.putScalar(r, r % 7, 1);
        }
        INDArray several = Nd4j.rand(DataType.FLOAT, 19, 7).muli(2).castTo(DataType.INT32);
        for (LossSpec spec : List.of(
                new Seesaw(counts),
                new BiTemperedLogistic(0.5, 1.5),
                new BiTemperedLogistic(1, 1, false),
                new Sparsemax(),
                new MultilabelRanking())) {
            LossFunction function = LossFunction.of(spec).withReduction(Reduction.SUM);
            for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16)) {
                requireAlike(function, random(type, 19, 7), index, null);
            }
            INDArray x = random(DataType.FLOAT, 19, 7);
            requireAlike(function, x, oneHot, Nd4j.arange(19).fmod(3).castTo(DataType.FLOAT));
            requireAlike(function.withClassWeights(ClassWeights.of(1, 2, 0.5, 3, 0, 1, 1)), x.dup('f'), several, null);
            requireAlike(
                    function.withLabelSmoothing(0.1),
                    random(DataType.FLOAT, 5, 7, 3),
                    random(DataType.FLOAT, 5, 7, 3).gt(0).castTo(DataType.FLOAT),
                    null);
        }
    }

    /** Differences beyond 50, where pairs have no common factor. */
    @Test
    void r1_2_pairsThatAreFarApart() {
        INDArray x = random(DataType.DOUBLE, 5, 6).muli(60);
        INDArray y = random(DataType.DOUBLE, 5, 6).gt(0).castTo(DataType.INT32);
        LossFunction far = LossFunction.of(new MultilabelRanking()).withReduction(Reduction.SUM);
        requireAlike(far, x, y, null);
    }

    /** A row that shared memory has no room for, and then one that needs more of it than a kernel gets unasked. */
    @Test
    void r1_1_wholeRowsWithAndWithoutRoom() {
        LossFunction function = LossFunction.of(new NormalizedCrossEntropy()).withReduction(Reduction.SUM);
        for (int columns : new int[] {60_001, 20_003}) {
            requireAlike(function, random(DataType.FLOAT, 2, columns), Nd4j.createFromArray(5, 20_000), null);
        }
    }

    @Test
    void r1_1_fewLongRowsAreSpreadOverBlocks() {
        int columns = 70_001;
        INDArray x = random(DataType.FLOAT, 2, columns);
        x.putScalar(1, 69_999, 30);
        LossFunction function = LossFunction.of(new SoftmaxFocal(2)).withReduction(Reduction.SUM);
        requireAlike(function.withZLoss(1e-3), x, Nd4j.createFromArray(5, 69_999), null);
        INDArray soft = Nd4j.create(DataType.FLOAT, 2, columns);
        for (int k : new int[] {0, 4096, 35_000, 70_000}) {
            soft.putScalar(1, k, 0.25);
        }
        requireAlike(function, x, soft, Nd4j.createFromArray(2f, 3f));
        requireAlike(function.withIgnoreIndex(5), x.dup('f'), Nd4j.createFromArray(5, 70_000), null);
        INDArray bad = Nd4j.createFromArray(5, columns);
        LossInputException e = assertThrows(
                LossInputException.class,
                () -> CudaLoss.of(function).value(gpu.copyOf(x), gpu.copyOf(bad), null, gpu.stream));
        assertTrue(e.getMessage().contains("the label of row 1 is 70001"), e::getMessage);
    }

    @Test
    void r3_optionsOfTheFunctionAreKept() {
        INDArray x = random(DataType.FLOAT, 33, 4);
        INDArray index = Nd4j.arange(33).fmod(4).castTo(DataType.INT32);
        LossFunction all = LossFunction.of(new SoftmaxCrossEntropy())
                .withReduction(Reduction.SUM)
                .withClassWeights(ClassWeights.of(1, 2, 0.5, 3))
                .withLabelSmoothing(0.1)
                .withIgnoreIndex(2)
                .withZLoss(0.01)
                .withLogits(LogitTransform.priors(PerColumn.of(5.0, 4, 3, 2), 1));
        requireAlike(all, x, index, Nd4j.arange(33).fmod(3).castTo(DataType.FLOAT));
        LossFunction binary = LossFunction.of(new SigmoidFocal(2))
                .withReduction(Reduction.BATCH_MEAN)
                .withPositiveWeights(PerColumn.all(3));
        requireAlike(binary, x, Nd4j.rand(DataType.DOUBLE, 33, 4), Nd4j.rand(DataType.FLOAT, 33, 4));
        requireAlike(LossFunction.of(new MeanSquaredError(true)), x, Nd4j.rand(DataType.FLOAT, 33, 4), null);
    }

    @Test
    void r4_reductionsThatNeedNoCounting() {
        INDArray x = random(DataType.FLOAT, 12, 5);
        INDArray index = Nd4j.arange(12).fmod(5).castTo(DataType.INT32);
        for (Reduction reduction : Reduction.values()) {
            LossFunction f = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(reduction);
            requireAlike(f, x, index, null);
        }
        LossFunction mean = LossFunction.of(new SoftmaxCrossEntropy());
        DeviceArray logits = gpu.copyOf(x);
        DeviceArray labels = gpu.copyOf(index);
        DeviceArray mask = gpu.copyOf(Nd4j.ones(DataType.FLOAT, 12));
        refused("L4J-C33", () -> CudaLoss.of(mean).value(logits, labels, mask, gpu.stream));
        LossFunction ignoring = mean.withIgnoreIndex(1);
        refused("L4J-C33", () -> CudaLoss.of(ignoring).value(logits, labels, null, gpu.stream));
    }

    @Test
    void r5_1_viewsAndChannelsFirst() {
        INDArray images = random(DataType.FLOAT, 3, 5, 4, 2);
        INDArray index = Nd4j.arange(24).fmod(5).castTo(DataType.INT32).reshape(3, 4, 2);
        LossFunction sum = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.SUM);
        requireAlike(sum, images, index, null);
        requireAlike(sum, images, index, Nd4j.createFromArray(1f, 0f, 2f));
        INDArray window = random(DataType.FLOAT, 9, 12).get(NDArrayIndex.interval(1, 8), NDArrayIndex.interval(3, 9));
        requireAlike(sum, window, Nd4j.arange(7).fmod(6).castTo(DataType.INT32), null);
        requireAlike(sum, random(DataType.FLOAT, 6, 300).transpose(), Nd4j.zeros(DataType.INT32, 300), null);
    }

    @Test
    void r3_4_badIndicesAreReported() {
        CudaLoss loss = CudaLoss.of(LossFunction.of(new SoftmaxCrossEntropy()));
        DeviceArray logits = gpu.copyOf(random(DataType.FLOAT, 3, 4));
        DeviceArray gradient = gpu.empty(DataType.FLOAT, 3, 4);
        DeviceArray outside = gpu.copyOf(Nd4j.createFromArray(0, 4, -2));
        LossInputException e =
                refused("L4J-L01", () -> loss.run(logits, outside, null, DeviceOutputs.gradient(gradient), gpu.stream));
        assertTrue(e.getMessage().contains("the label of row 1 is 4"), e::getMessage);
        DeviceArray between = gpu.copyOf(Nd4j.createFromArray(0f, 1f, 2.5f));
        e = refused("L4J-L02", () -> loss.value(logits, between, null, gpu.stream));
        assertTrue(e.getMessage().contains("the label of row 2 is 2.5"), e::getMessage);
    }

    @Test
    void r9_wrongArraysAreRefusedWithCodeAndRemedy() {
        CudaLoss loss = CudaLoss.of(LossFunction.of(new SoftmaxCrossEntropy()));
        DeviceArray logits = gpu.empty(DataType.FLOAT, 3, 4);
        DeviceArray labels = gpu.empty(DataType.INT32, 3);
        long address = logits.address();
        refused("L4J-S02", () -> loss.value(logits, gpu.empty(DataType.INT32, 4), null, 0));
        refused("L4J-S01", () -> loss.value(labels, labels, null, 0));
        refused("L4J-S03", () -> loss.value(logits, labels, gpu.empty(DataType.FLOAT, 2), 0));
        refused("L4J-C31", () -> DeviceArray.of(address, new long[] {3}, DataType.UTF8, 0));
        refused("L4J-C31", () -> DeviceArray.of(address, new long[] {3}, new long[2], DataType.FLOAT, 0));
        DeviceOutputs wrongType = DeviceOutputs.gradient(gpu.empty(DataType.DOUBLE, 3, 4));
        refused("L4J-C31", () -> loss.run(logits, labels, null, wrongType, 0));
        DeviceOutputs wrongValue = new DeviceOutputs(gpu.empty(DataType.FLOAT, 1), null, null);
        refused("L4J-C31", () -> loss.run(logits, labels, null, wrongValue, 0));
        DeviceOutputs wrongTerms = new DeviceOutputs(null, null, gpu.empty(DataType.FLOAT, 3, 4));
        refused("L4J-C31", () -> loss.run(logits, labels, null, wrongTerms, 0));
        long[] apart = {1000, 7, 90, 11};
        DeviceArray gaps = DeviceArray.of(address, new long[] {2, 3, 4, 5}, apart, DataType.FLOAT, 0);
        refused("L4J-C31", () -> loss.value(gaps, gaps, null, 0));
        LossFunction weighted = LossFunction.of(new SoftmaxCrossEntropy()).withClassWeights(ClassWeights.of(1, 2));
        refused("L4J-W02", () -> CudaLoss.of(weighted).value(logits, labels, null, 0));
        INDArray onHost = Nd4j.zeros(DataType.INT32, 3);
        DeviceArray hostMemory = DeviceArray.of(onHost.data().address(), new long[] {3}, DataType.INT32, 0);
        refused("L4J-C32", () -> loss.value(logits, hostMemory, null, 0));
        BackendException e = assertThrows(
                BackendException.class,
                () -> CudaLoss.of(LossFunction.of(new FMeasure())).value(logits, logits, null, 0));
        assertEquals("L4J-C21", e.code());
    }

    private static LossInputException refused(String code, org.junit.jupiter.api.function.Executable call) {
        LossInputException e = assertThrows(LossInputException.class, call);
        assertEquals(code, e.code(), e::getMessage);
        return e;
    }

    @Test
    void r5_3_emptyBatchesAreLegal() {
        CudaLoss loss = CudaLoss.of(LossFunction.of(new SoftmaxCrossEntropy()));
        DeviceArray logits = DeviceArray.of(0, new long[] {0, 4}, DataType.FLOAT, 0);
        DeviceArray labels = DeviceArray.of(0, new long[] {0}, DataType.INT32, 0);
        assertEquals(0, loss.value(logits, labels, null, gpu.stream));
    }

    @Test
    void r6_1_manyThreadsEachOnItsOwn() throws Exception {
        INDArray x = random(DataType.FLOAT, 40, 6);
        INDArray index = Nd4j.arange(40).fmod(6).castTo(DataType.INT32);
        LossFunction function = LossFunction.of(new SoftmaxCrossEntropy());
        double expected = function.on("cpu").value(x, index);
        DeviceArray logits = gpu.copyOf(x);
        DeviceArray labels = gpu.copyOf(index);
        CudaLoss loss = CudaLoss.of(function);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Double> call = () -> loss.value(logits, labels, null, 0);
            List<Callable<Double>> calls =
                    IntStream.range(0, 40).mapToObj(i -> call).toList();
            for (Future<Double> value : threads.invokeAll(calls)) {
                assertEquals(expected, value.get(), 1e-6);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void eventsAroundTheKernelsChangeNothingElse() {
        INDArray x = random(DataType.FLOAT, 40, 6);
        DeviceArray logits = gpu.copyOf(x);
        DeviceArray labels = gpu.copyOf(Nd4j.arange(40).fmod(6).castTo(DataType.INT32));
        DeviceArray plain = gpu.empty(DataType.FLOAT, 40, 6);
        DeviceArray marked = gpu.empty(DataType.FLOAT, 40, 6);
        CudaLoss loss = CudaLoss.of(LossFunction.of(new SoftmaxCrossEntropy()));
        long before = Gpus.at(0).use(Context::createTimedEvent);
        long after = Gpus.at(0).use(Context::createTimedEvent);
        loss.run(logits, labels, null, DeviceOutputs.gradient(plain), gpu.stream);
        loss.marking(before, after).run(logits, labels, null, DeviceOutputs.gradient(marked), gpu.stream);
        assertEquals(gpu.read(plain, DataType.FLOAT), gpu.read(marked, DataType.FLOAT));
        double took = Gpus.at(0).use(() -> Context.milliseconds(before, after));
        assertTrue(took > 0 && took < 60_000, () -> took + " ms");
        Gpus.at(0).use(() -> {
            Context.destroyEvent(before);
            Context.destroyEvent(after);
            return true;
        });
    }

    @Test
    @Tag(FakeDriver.TAG)
    void r6_2_eventsThatAreNoneLeaveTheGpuUsable() {
        DeviceArray logits = gpu.copyOf(random(DataType.FLOAT, 40, 6));
        DeviceArray labels = gpu.copyOf(Nd4j.arange(40).fmod(6).castTo(DataType.INT32));
        DeviceArray gradient = gpu.empty(DataType.FLOAT, 40, 6);
        CudaLoss loss = CudaLoss.of(LossFunction.of(new SoftmaxCrossEntropy()));
        double expected = loss.value(logits, labels, null, gpu.stream);
        BackendException e = assertThrows(
                BackendException.class,
                () -> loss.marking(0, 0x10).run(logits, labels, null, DeviceOutputs.gradient(gradient), gpu.stream));
        assertTrue(e.getMessage().contains("L4J-C08 cuEventRecord returned CUDA_ERROR_"), e::getMessage);
        assertEquals(expected, loss.value(logits, labels, null, gpu.stream));
    }

    @Test
    @Tag(FakeDriver.TAG)
    void outOfMemoryFreesWhatIsIdleAndThenSays() {
        INDArray x = random(DataType.FLOAT, 40, 6);
        INDArray y = Nd4j.rand(DataType.FLOAT, 40, 6);
        DeviceArray logits = gpu.copyOf(x);
        DeviceArray labels = gpu.copyOf(y);
        LossFunction function = LossFunction.of(new SoftmaxCrossEntropy());
        CudaLoss loss = CudaLoss.of(function);
        Gpus.at(0).lanes.clear();
        FakeDriver.arm("out_of_memory", 1);
        assertEquals(function.on("cpu").value(x, y), loss.value(logits, labels, null, 0), 1e-5);
        Gpus.at(0).lanes.clear();
        FakeDriver.arm("memory", 1);
        BackendException e = assertThrows(BackendException.class, () -> loss.value(logits, labels, null, 0));
        FakeDriver.reset();
        assertEquals("L4J-C09", e.code());
        assertEquals(function.on("cpu").value(x, y), loss.value(logits, labels, null, 0), 1e-5);
    }
}
