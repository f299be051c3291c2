package io.loss4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.loss4j.loss.LossSpec;
import io.loss4j.loss.NormalizedCrossEntropy;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The kit against broken backends and losses: the right rules must fail, and no others. */
@Tag("once")
@Execution(ExecutionMode.SAME_THREAD) // the fault is a switch for the whole process
class KitTest {
    private static final Pattern RULE = Pattern.compile("test-factory:(r\\d_\\d)_");

    @AfterEach
    void repair() {
        ReferenceBackend.fault = Fault.NONE;
    }

    @ParameterizedTest
    @EnumSource
    void faultOfABackendFailsItsOwnRules(Fault fault) {
        ReferenceBackend.fault = fault;
        Set<String> failed = failedRules(FewLosses.class);
        assertEquals(new TreeSet<>(fault.rules()), failed);
    }

    @ParameterizedTest
    @MethodSource
    void faultOfALossFailsItsOwnRules(Class<?> conformance, Set<String> rules) {
        Set<String> failed = failedRules(conformance);
        assertEquals(new TreeSet<>(rules), failed);
    }

    static Stream<Arguments> faultOfALossFailsItsOwnRules() {
        return Stream.of(
                Arguments.of(SoundTest.class, Set.of()),
                Arguments.of(WrongDerivativeTest.class, Set.of("r2_1", "r2_2")),
                // infinity minus infinity: the same fault at the infinite end
                Arguments.of(OverflowsTest.class, Set.of("r1_2", "r1_3")),
                Arguments.of(LosesGradientTest.class, Set.of("r1_2")),
                Arguments.of(SwallowsNanTest.class, Set.of("r1_4")),
                Arguments.of(CannotBeWrittenTest.class, Set.of("r7_1")),
                Arguments.of(IsNotRegisteredTest.class, Set.of("r7_1", "r7_3")),
                Arguments.of(HasNoEqualityTest.class, Set.of("r7_1")),
                Arguments.of(TakesGarbageTest.class, Set.of("r7_3")),
                Arguments.of(WritesPredictionsTest.class, Set.of("r2_3")),
                Arguments.of(AddsToGradientTest.class, Set.of("r2_3")),
                Arguments.of(ChargesForNothingTest.class, Set.of("r4_2")));
    }

    private static Set<String> failedRules(Class<?> tests) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute();
        assertTrue(results.testEvents().started().count() > 100, "the kit ran too few tests");
        Set<String> rules = new TreeSet<>();
        Stream.concat(results.testEvents().failed().stream(), results.containerEvents().failed().stream())
                .map(Event::getTestDescriptor)
                .forEach(descriptor -> {
                    Matcher rule = RULE.matcher(descriptor.getUniqueId().toString());
                    assertTrue(rule.find(), "failed outside of the rules: " + descriptor.getUniqueId());
                    rules.add(rule.group(1));
                });
        return rules;
    }

    /** Enough to meet every fault of the backend. */
    static class FewLosses extends BackendConformance {
        @Override
        protected String backend() {
            return "reference";
        }

        @Override
        protected List<LossExample> losses() {
            return List.of(
                    LossExample.of(new SoftmaxCrossEntropy()).withAtMostColumns(65),
                    LossExample.of(new SigmoidCrossEntropy()).withAtMostColumns(65),
                    LossExample.of(new NormalizedCrossEntropy()).withAtMostColumns(65));
        }

        @Override // without its annotation no test: it would find what the other rules find
        Stream<DynamicNode> r1ToR5_everythingTogether() {
            return Stream.empty();
        }

        @Override
        Stream<DynamicNode> r1ToR4_optionsOfSoftmaxLossesGoTogether() {
            return Stream.empty();
        }
    }

    abstract static class OneLoss extends LossConformance {
        @Override
        protected int mostColumns() {
            return 65;
        }

        @Override
        Stream<DynamicNode> r1ToR5_everythingTogether() {
            return Stream.empty();
        }
    }

    static class SoundTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.Sound(1.5);
        }
    }

    static class WrongDerivativeTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.WrongDerivative();
        }
    }

    static class OverflowsTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.Overflows();
        }
    }

    static class LosesGradientTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.LosesGradient();
        }
    }

    static class SwallowsNanTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.SwallowsNan();
        }
    }

    static class CannotBeWrittenTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.CannotBeWritten();
        }
    }

    static class IsNotRegisteredTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.IsNotRegistered();
        }
    }

    static class HasNoEqualityTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.HasNoEquality(2);
        }
    }

    static class TakesGarbageTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.TakesGarbage(2);
        }
    }

    static class WritesPredictionsTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.WritesPredictions();
        }
    }

    static class AddsToGradientTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.AddsToGradient();
        }
    }

    static class ChargesForNothingTest extends OneLoss {
        @Override
        protected LossSpec spec() {
            return new BrokenLosses.ChargesForNothing();
        }
    }
}
