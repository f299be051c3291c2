package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.loss4j.tensor.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Where a kernel looks for an element is where {@link Rows} finds it. */
class DeviceRowsTest {
    private static long elementAt(DeviceRows view, long row, long column) {
        return row / view.innerRows() * view.outerStride()
                + row % view.innerRows() * view.rowStride()
                + column * view.columnStride();
    }

    private static INDArray numbered(long... shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        return Nd4j.arange(length).castTo(DataType.DOUBLE).reshape(shape);
    }

    @Test
    void r5_1_elementsAreWhereRowsFindsThem() {
        List<INDArray> arrays = List.of(
                numbered(5, 3),
                numbered(5, 3).dup('f'),
                numbered(1, 3),
                numbered(5, 1),
                numbered(8, 9).get(NDArrayIndex.interval(2, 6), NDArrayIndex.interval(1, 8)),
                numbered(3, 5).transpose(),
                numbered(4, 3, 6),
                numbered(4, 3, 6).dup('f'),
                numbered(4, 3, 6).permute(2, 1, 0),
                numbered(2, 3, 4, 5),
                numbered(7));
        for (INDArray array : arrays) {
            Rows rows = Rows.of(array);
            int axis = array.rank() > 1 ? 1 : -1;
            DeviceRows view = DeviceRows.of(0, ElementType.DOUBLE, array.shape(), array.stride(), axis);
            assertNotNull(view, rows::toString);
            assertEquals(rows.rows(), view.rows(), rows::toString);
            assertEquals(rows.columns(), view.columns(), rows::toString);
            double[] whole = array.data().asDouble();
            double[] element = new double[1];
            for (int r = 0; r < rows.rows(); r++) {
                for (int k = 0; k < rows.columns(); k++) {
                    rows.load(r, 1, k, 1, element, 0);
                    assertEquals(element[0], whole[(int) elementAt(view, r, k)], rows + " row " + r + ", column " + k);
                }
            }
        }
    }

    @Test
    void r3_3_aMaskOfExamplesServesAllTheirRows() {
        DeviceRows view = DeviceRows.perExample(0, ElementType.FLOAT, new long[] {2, 3, 4, 5}, 7);
        assertEquals(40, view.rows());
        assertEquals(0, elementAt(view, 19, 0));
        assertEquals(7, elementAt(view, 20, 0));
        assertEquals(7, elementAt(view, 39, 0));
    }

    @Test
    void r5_1_threeAxesThatLieApartCannotBeExpressed() {
        INDArray array = numbered(2, 3, 4, 5).dup('f');
        assertNull(DeviceRows.of(0, ElementType.DOUBLE, array.shape(), array.stride(), 1));
    }
}
