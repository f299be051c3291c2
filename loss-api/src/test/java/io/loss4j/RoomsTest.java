package io.loss4j;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the house, see {@code architecture.md}: who may know whom. */
@AnalyzeClasses(packages = "io.loss4j", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    private static final Set<String> MATHEMATICS = Set.of(
            "exp", "expm1", "log", "log1p", "log10", "pow", "sqrt", "cbrt", "sin", "cos", "tan", "sinh", "cosh", "tanh",
            "asin", "acos", "atan", "atan2", "hypot");

    private static final DescribedPredicate<JavaMethodCall> CALLS_OF_MATHEMATICS = describe(
            "transcendental functions",
            call -> Set.of("java.lang.Math", "java.lang.StrictMath")
                            .contains(call.getTargetOwner().getFullName())
                    && MATHEMATICS.contains(call.getName()));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.loss4j.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsDoNotKnowTheHouse = noClasses()
            .that()
            .resideInAPackage("io.loss4j.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.loss4j");

    @ArchTest
    static final ArchRule lossesKnowOnlyThemselvesAndErrors = classes()
            .that()
            .resideInAPackage("io.loss4j.loss")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.loss4j.loss", "io.loss4j.error", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule errorsKnowNobody = classes()
            .that()
            .resideInAPackage("io.loss4j.error")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.loss4j.error", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule arraysDoNotKnowLosses = noClasses()
            .that()
            .resideInAPackage("io.loss4j.tensor")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.loss4j.loss", "io.loss4j.backend", "io.loss4j.catalogue");

    @ArchTest
    static final ArchRule onlyLossesAndClassWeightsDoMathematics = noClasses()
            .that()
            .resideOutsideOfPackage("io.loss4j.loss")
            .and()
            .doNotHaveFullyQualifiedName("io.loss4j.ClassWeights")
            .should()
            .callMethodWhere(CALLS_OF_MATHEMATICS);

    @ArchTest
    static final ArchRule lossesDoMathematics = classes()
            .that()
            .haveFullyQualifiedName("io.loss4j.loss.Logistic")
            .should()
            .callMethodWhere(CALLS_OF_MATHEMATICS)
            .because("the rule above would otherwise find nothing anywhere");

    @ArchTest
    static final ArchRule nobodyKnowsNativeLibraries = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco..", "org.nd4j.nativeblas..", "org.nd4j.linalg.cpu..", "jdk.incubator..")
            .because("ND4J's backend is the user's choice, and vectors belong to loss-cpu");

    /** By text, over all modules: they are compiled after this one. */
    @Test
    void onlyOneRoomKnowsTheVectorModule() throws IOException {
        Path checkout =
                Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
        Set<String> rooms = new TreeSet<>();
        try (Stream<Path> modules = Files.list(checkout)) {
            List<Path> sources = modules.map(m -> m.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList();
            for (Path root : sources) {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        if (Files.readString(file).contains("import jdk.incubator.vector")) {
                            rooms.add(
                                    root.relativize(file.getParent()).toString().replace('\\', '/'));
                        }
                    }
                }
            }
        }
        rooms.remove("io/loss4j/cpu/simd");
        assertEquals(Set.of(), rooms, "outside io.loss4j.cpu.simd");
    }
}
