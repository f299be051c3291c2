package io.loss4j.benchmarks.pytorch;

import io.loss4j.benchmarks.timing.LabelForm;
import io.loss4j.benchmarks.timing.Layout;
import io.loss4j.benchmarks.timing.Numbers;
import io.loss4j.benchmarks.timing.Outcome;
import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.benchmarks.timing.Timed;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.util.Optional;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Forward by a functional loss, backward by autograd; fresh tensors every time, as in training. */
final class PytorchLoss implements Timed {
    private final Workload workload;
    private final Wanted wanted;
    private final Formula formula;
    private final Tensor predictions;
    private final Tensor labels;

    PytorchLoss(Workload workload, Wanted wanted, Numbers numbers) {
        this.workload = workload;
        this.wanted = wanted;
        this.formula = Formula.of(workload);
        this.predictions = tensor(numbers.predictions()).set_requires_grad(true);
        this.labels = workload.labels() == LabelForm.INDEX
                ? torch.tensor(numbers.labels()).to(ScalarType.Long)
                : tensor(numbers.labels());
    }

    private Tensor tensor(float[] numbers) {
        try (FloatPointer copied = new FloatPointer(numbers)) {
            Tensor rows = torch.from_blob(copied, workload.rows(), workload.columns())
                    .clone()
                    .to(type(workload.precision()));
            if (workload.layout() == Layout.COLUMNS) {
                return rows.t().contiguous().t();
            } else if (workload.layout() == Layout.VIEW) {
                Tensor wide = torch.zeros(workload.rows(), workload.columns() + Layout.MORE)
                        .to(type(workload.precision()));
                return wide.narrow(1, 0, workload.columns()).copy_(rows);
            }
            return rows;
        }
    }

    private static ScalarType type(Precision precision) {
        return switch (precision) {
            case FLOAT -> ScalarType.Float;
            case DOUBLE -> ScalarType.Double;
            case HALF -> ScalarType.Half;
            case BFLOAT16 -> ScalarType.BFloat16;
        };
    }

    @Override
    public String engine() {
        return "CPU, " + torch.get_num_threads() + " threads";
    }

    @Override
    public Numbers numbers() {
        return new Numbers(floats(predictions), floats(labels));
    }

    @SuppressWarnings("try")
    private static float[] floats(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            Tensor plain = tensor.detach().to(ScalarType.Float).contiguous();
            float[] numbers = new float[Math.toIntExact(plain.numel())];
            new FloatPointer(plain.data_ptr()).get(numbers);
            return numbers;
        }
    }

    @Override
    @SuppressWarnings("try")
    public void call() {
        try (PointerScope scope = new PointerScope()) {
            compute();
        }
    }

    @Override
    @SuppressWarnings("try")
    public Outcome outcome() {
        try (PointerScope scope = new PointerScope()) {
            Result result = compute();
            return new Outcome(result.value(), result.gradient().map(PytorchLoss::floats));
        }
    }

    private record Result(double value, Optional<Tensor> gradient) {}

    @SuppressWarnings("try")
    private Result compute() {
        if (!wanted.hasGradient()) {
            try (NoGradGuard guard = new NoGradGuard()) {
                return new Result(number(formula.of(predictions, labels)), Optional.empty());
            }
        }
        Tensor loss = formula.of(predictions, labels);
        TensorVector gradients = torch.grad(new TensorVector(loss), new TensorVector(predictions));
        double value = wanted.hasValue() ? number(loss) : Double.NaN;
        return new Result(value, Optional.of(gradients.get(0)));
    }

    private static double number(Tensor scalar) {
        return scalar.item().toDouble();
    }
}
