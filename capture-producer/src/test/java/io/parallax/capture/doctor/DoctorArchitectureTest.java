package io.parallax.capture.doctor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class DoctorArchitectureTest {

    @Test
    void onlyTheShellKnowsLiveInterfaces() {
        noClasses()
                .that()
                .resideInAPackage("..capture.doctor..")
                .and()
                .haveNameNotMatching(".*LiveExamination.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..capture.nic..")
                .check(new ClassFileImporter().importPackages("io.parallax.capture.doctor"));
    }
}
