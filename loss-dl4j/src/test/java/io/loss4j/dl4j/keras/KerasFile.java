package io.loss4j.dl4j.keras;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.hdf5.Attribute;
import org.bytedeco.hdf5.DataSet;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.DataType;
import org.bytedeco.hdf5.Group;
import org.bytedeco.hdf5.H5File;
import org.bytedeco.hdf5.H5Object;
import org.bytedeco.hdf5.PredType;
import org.bytedeco.hdf5.StrType;
import org.bytedeco.hdf5.global.hdf5;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;

/** A compiled model of dense layers as Keras 2 saves it: architecture, loss, optimiser and weights in one HDF5 file. */
final class KerasFile {
    private static final long SCALAR = 1;

    /** A dense layer with its weights: a row of the kernel per input. */
    record Dense(String name, String activation, float[][] kernel, float[] bias) {
        private String json(String inputs) {
            return """
                    {"class_name":"Dense","config":{"name":"%s","trainable":true,"dtype":"float32"%s,"units":%d,\
                    "activation":"%s","use_bias":true,\
                    "kernel_initializer":{"class_name":"GlorotUniform","config":{"seed":null}},\
                    "bias_initializer":{"class_name":"Zeros","config":{}},"kernel_regularizer":null,\
                    "bias_regularizer":null,"activity_regularizer":null,"kernel_constraint":null,\
                    "bias_constraint":null}}""".formatted(name, inputs, bias.length, activation);
        }
    }

    private KerasFile() {}

    /**
     * Writes a sequential model.
     *
     * @param loss as in Keras's training_config: a name in quotes, or an object with class_name and config
     */
    @SuppressWarnings({"try", "unchecked"}) // closed by the block; no class is named to the scope
    static void write(File file, String loss, List<Dense> layers) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("keras_version", "2.11.0");
        attributes.put("backend", "tensorflow");
        attributes.put("model_config", model(layers));
        attributes.put("training_config", """
                {"loss":%s,"metrics":[],"weighted_metrics":null,"loss_weights":null,\
                "optimizer_config":{"class_name":"SGD","config":{"name":"SGD","learning_rate":0.5,"decay":0.0,\
                "momentum":0.0,"nesterov":false}}}""".formatted(loss));
        // HDF5 knows one thread at a time: the scope frees everything here, not whenever JavaCPP's own thread gets to
        // it.
        synchronized (Hdf5Archive.LOCK_OBJECT) {
            try (PointerScope scope = new PointerScope()) {
                H5File archive = new H5File(file.getPath(), hdf5.H5F_ACC_TRUNC());
                attributes.forEach((name, value) -> attribute(archive, name, value));
                Group weights = archive.createGroup("model_weights");
                layers.forEach(layer -> weights(weights, layer));
                archive._close();
            }
        }
    }

    private static String model(List<Dense> layers) {
        StringBuilder json =
                new StringBuilder("{\"class_name\":\"Sequential\",\"config\":{\"name\":\"small\",\"layers\":[");
        for (Dense layer : layers) {
            boolean first = layer == layers.get(0);
            json.append(first ? "" : ",")
                    .append(layer.json(first ? ",\"batch_input_shape\":[null," + layer.kernel().length + "]" : ""));
        }
        return json.append("]}}").toString();
    }

    private static void weights(Group parent, Dense layer) {
        Group group = parent.createGroup(layer.name());
        String path = layer.name() + "/kernel:0";
        attribute(group, "weight_names", path);
        Group inner = group.createGroup(layer.name());
        int inputs = layer.kernel().length;
        int outputs = layer.bias().length;
        float[] kernel = new float[inputs * outputs];
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = layer.kernel()[i / outputs][i % outputs];
        }
        data(inner, "kernel:0", kernel, inputs, outputs);
        data(inner, "bias:0", layer.bias(), outputs);
        inner._close();
        group._close();
    }

    private static void attribute(H5Object owner, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        DataType type = new StrType(PredType.C_S1(), bytes.length);
        Attribute attribute = owner.createAttribute(name, type, new DataSpace(1, new long[] {SCALAR}));
        attribute.write(type, new BytePointer(bytes));
        attribute._close();
    }

    private static void data(Group group, String name, float[] values, long... shape) {
        DataType type = new DataType(PredType.NATIVE_FLOAT());
        DataSet data = group.createDataSet(name, type, new DataSpace(shape.length, shape));
        data.write(new FloatPointer(values), type);
        data._close();
    }
}
