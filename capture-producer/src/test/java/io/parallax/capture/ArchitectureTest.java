package io.parallax.capture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String[] PURE = {
        "..capture.source..",
        "..capture.decode..",
        "..capture.account..",
        "..capture.select..",
        "..capture.spool..",
        "..capture.neighbour.."
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.parallax.capture");

    @Test
    void purePackagesKnowNoFramework() {
        classes()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "io.parallax.wire..",
                        "..capture.source..",
                        "..capture.decode..",
                        "..capture.account..",
                        "..capture.select..",
                        "..capture.spool..",
                        "..capture.neighbour..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .areAssignableTo("org.apache.avro.specific.SpecificRecord")
                .check(CLASSES);
    }

    @Test
    void timeAndChanceAreArgumentsOfPurePackages() {
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
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .check(CLASSES);
    }

    @Test
    void nobodySleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    }

    @Test
    void onlyPublishKnowsKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..capture.publish..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void onlyNicKnowsLibpcap() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..capture.nic..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.pcap4j..", "com.sun.jna..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineKnowsPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..capture.cli..", "io.parallax.capture")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.parallax.capture.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void namesSayWhatATypeIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helper|Manager|Handler|Processor|Impl|Info|Data|Base)")
                .check(CLASSES);
    }
}
