package io.parallax.job;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The packages are the architecture diagram; this keeps the arrows. */
final class ArchitectureTest {

    private static final String MODEL = "io.parallax.model..";
    private static final String VANTAGE = "io.parallax.vantage..";
    private static final String FLOW = "io.parallax.flow..";
    private static final String MATRIX = "io.parallax.matrix..";
    private static final String LABEL = "io.parallax.label..";
    private static final String SKETCH = "io.parallax.sketch..";
    private static final String DEPENDENCY = "io.parallax.dependency..";
    private static final String SIGNAL = "io.parallax.signal..";
    private static final String COMPLETENESS = "io.parallax.completeness..";
    private static final String STATE = "io.parallax.state..";
    private static final String TABLE = "io.parallax.table..";
    private static final String IO = "io.parallax.io..";
    private static final String OPERATOR = "io.parallax.operator..";
    private static final String JOB = "io.parallax.job..";
    private static final String WIRE = "io.parallax.wire..";
    private static final String[] PURE = {MODEL, SKETCH, LABEL, VANTAGE, FLOW, MATRIX, DEPENDENCY, SIGNAL, COMPLETENESS
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.parallax");

    @Test
    void pureLogicKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.flink..",
                        "org.apache.kafka..",
                        "org.apache.avro..",
                        "org.apache.parquet..",
                        "org.apache.hadoop..",
                        "picocli..",
                        "org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void modelRestsOnTheWireAlone() {
        onlyKnows(MODEL, WIRE);
    }

    @Test
    void vantageRestsOnTheModel() {
        onlyKnows(VANTAGE, MODEL, WIRE);
    }

    @Test
    void flowRestsOnVantage() {
        onlyKnows(FLOW, VANTAGE, LABEL, SKETCH, MODEL, WIRE);
    }

    @Test
    void labelsRestOnTheModel() {
        onlyKnows(LABEL, MODEL, WIRE);
    }

    @Test
    void sketchesRestOnNothing() {
        onlyKnows(SKETCH);
    }

    @Test
    void matrixKnowsRowsAndNotHowTheyAreMetered() {
        onlyKnows(MATRIX, SKETCH, MODEL, WIRE);
    }

    @Test
    void dependenciesKnowRowsAndNotHowTheyAreMetered() {
        onlyKnows(DEPENDENCY, SKETCH, MODEL, WIRE);
    }

    @Test
    void detectorsKnowFactsAndNotWhereTheyComeFrom() {
        onlyKnows(SIGNAL, SKETCH, MODEL, WIRE);
    }

    @Test
    void completenessKnowsWhatWasCountedAndNotHow() {
        onlyKnows(COMPLETENESS, MODEL, WIRE);
    }

    @Test
    void stateStoresWhatThePurePackagesHold() {
        onlyKnows(STATE, FLOW, MATRIX, DEPENDENCY, SIGNAL, COMPLETENESS, VANTAGE, LABEL, SKETCH, MODEL, WIRE);
    }

    @Test
    void theOutsideIsReachedFromIoAlone() {
        onlyKnows(IO, STATE, FLOW, MATRIX, DEPENDENCY, SIGNAL, COMPLETENESS, VANTAGE, LABEL, SKETCH, MODEL, WIRE);
        noClasses()
                .that()
                .resideOutsideOfPackages(IO, TABLE, WIRE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.apache.parquet..", "org.apache.hadoop..")
                .check(CLASSES);
    }

    @Test
    void tablesHoldRecordsAndKnowNothingOfTheirMaking() {
        onlyKnows(TABLE, WIRE);
        noClasses()
                .that()
                .resideOutsideOfPackage(TABLE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.iceberg..")
                .check(CLASSES);
    }

    @Test
    void operatorsAreShellsAroundThePurePackages() {
        onlyKnows(
                OPERATOR,
                IO,
                STATE,
                FLOW,
                MATRIX,
                DEPENDENCY,
                SIGNAL,
                COMPLETENESS,
                VANTAGE,
                LABEL,
                SKETCH,
                MODEL,
                WIRE);
    }

    @Test
    void onlyTheJobComposes() {
        classes()
                .that()
                .resideInAPackage(JOB)
                .should()
                .onlyBeAccessed()
                .byClassesThat()
                .resideInAPackage(JOB)
                .check(CLASSES);
    }

    @Test
    void noTwoPackagesRestOnEachOther() {
        slices().matching("io.parallax.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nobodySleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(CLASSES);
    }

    @Test
    void timeAndChanceAreArguments() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(SplittableRandom.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .check(CLASSES);
    }

    @Test
    void nobodyUsesTheLoggingOfTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..")
                .check(CLASSES);
    }

    private static void onlyKnows(String from, String... others) {
        String[] allowed = Arrays.copyOf(others, others.length + 1);
        allowed[others.length] = from;
        classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage("io.parallax..").or(resideInAnyPackage(allowed)))
                .check(CLASSES);
    }
}
