package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.same;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Offer;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Weights;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.tensor.Rows;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.InOrder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What is said to nd4j-cuda before and after a kernel. Its parts are doubles; arrays are of the CPU, whose memory the
 * emulated device reads as its own.
 */
@Tag(FakeDriver.TAG)
@ExtendWith(FakeDriver.class)
class Nd4jArraysTest {
    private final OpExecutioner executioner = mock(OpExecutioner.class);
    private final AffinityManager affinity = mock(AffinityManager.class);
    private final Nd4jArrays arrays = new Nd4jArrays(executioner, affinity);

    private static LossJob job(INDArray x, INDArray y, INDArray mask, INDArray gradient) {
        Weights weights = mask == null ? Weights.NONE : new Weights(null, null, Rows.mask("test", mask, x.shape()));
        return new LossJob(
                new SoftmaxCrossEntropy(),
                Rows.of(x),
                new Labels(Rows.each(y), true, 0, OptionalLong.empty()),
                weights,
                LogitTransform.IDENTITY,
                0,
                1,
                new Outputs(true, gradient == null ? null : Rows.of(gradient), null));
    }

    @Test
    void arraysAreBroughtToTheDeviceAndOnlyResultsTaggedThere() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 4);
        INDArray y = Nd4j.createFromArray(0, 1, 2, 3, 0, 1);
        INDArray mask = Nd4j.rand(DataType.FLOAT, 6);
        INDArray gradient = Nd4j.createUninitialized(DataType.FLOAT, 6, 4);
        double value = arrays.compute(Gpus.at(0), job(x, y, mask, gradient));
        InOrder order = inOrder(affinity, executioner);
        order.verify(affinity).ensureLocation(same(x), same(Location.DEVICE));
        order.verify(affinity).ensureLocation(same(y), same(Location.DEVICE));
        order.verify(affinity).ensureLocation(same(mask), same(Location.DEVICE));
        order.verify(affinity).ensureLocation(same(gradient), same(Location.DEVICE));
        order.verify(executioner).commit();
        order.verify(affinity).tagLocation(same(gradient), same(Location.DEVICE));
        verifyNoMoreInteractions(affinity);
        LossFunction f = LossFunction.of(new SoftmaxCrossEntropy())
                .withReduction(Reduction.SUM)
                .on("cpu");
        assertEquals(f.value(x, y, mask), value, 1e-5);
        assertEquals(true, gradient.equalsWithEps(f.gradient(x, y, mask), 1e-6), "gradient");
    }

    @Test
    void aFailureTagsNothing() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3);
        INDArray gradient = Nd4j.createUninitialized(DataType.FLOAT, 2, 3);
        LossJob job = job(x, Nd4j.createFromArray(0, 3), null, gradient);
        org.junit.jupiter.api.Assertions.assertThrows(
                io.loss4j.error.LossInputException.class, () -> arrays.compute(Gpus.at(0), job));
        verify(affinity, never()).tagLocation(any(INDArray.class), any());
    }

    @Test
    void theDeviceIsThatOfTheArray() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3);
        when(affinity.getDeviceForArray(x)).thenReturn(3);
        assertEquals(3, arrays.deviceOf(x));
    }

    @Test
    void nd4jOnTheCpuKeepsItsArraysInHostMemory() {
        assertNull(Nd4jArrays.onDevice());
    }

    @Test
    void layoutsThatKernelsCannotReadAreDeclined() {
        INDArray y = Nd4j.zeros(DataType.INT32, 2, 4, 5);
        assertNull(Nd4jArrays.obstacle(job(Nd4j.rand(DataType.FLOAT, 2, 3, 4, 5), y, null, null)));
        INDArray mask = Nd4j.ones(DataType.FLOAT, 2);
        assertNull(Nd4jArrays.obstacle(job(Nd4j.rand(DataType.FLOAT, 2, 3, 4, 5), y, mask, null)));
        INDArray fortran = Nd4j.rand(DataType.FLOAT, 2, 3, 4, 5).dup('f');
        Offer.Decline no = Nd4jArrays.obstacle(job(fortran, y, null, null));
        assertNotNull(no);
        assertEquals("L4J-C23", no.code());
        INDArray unsigned = Nd4j.zeros(DataType.UINT32, 2, 4, 5);
        assertNotNull(Nd4jArrays.obstacle(job(Nd4j.rand(DataType.FLOAT, 2, 3, 4, 5), unsigned, null, null)));
    }
}
