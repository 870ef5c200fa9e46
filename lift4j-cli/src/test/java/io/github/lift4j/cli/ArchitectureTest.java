package io.github.lift4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What ARCHITECTURE.md says of who may know whom. */
class ArchitectureTest {

    private static final String ENGINE = "io.github.lift4j.engine..";
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.lift4j");
    }

    @Test
    void onlyTheEngineNamesLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ENGINE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..")
                .check(classes);
    }

    @Test
    void theEngineKnowsNothingAboveIt() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat(DescribedPredicate.and(
                        JavaClass.Predicates.resideInAPackage("io.github.lift4j.."),
                        DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(ENGINE))))
                .check(classes);
    }

    @Test
    void nobodyKnowsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.github.lift4j.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.lift4j.cli..")
                .check(classes);
    }

    @Test
    void theReportKnowsOnlyWhatWasMeasured() {
        noClasses()
                .that()
                .resideInAPackage("io.github.lift4j.report..")
                .should()
                .dependOnClassesThat(DescribedPredicate.and(
                        JavaClass.Predicates.resideInAPackage("io.github.lift4j.."),
                        DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(
                                "io.github.lift4j.report..",
                                "io.github.lift4j.evaluation..",
                                "io.github.lift4j.engine"))))
                .check(classes);
    }

    @Test
    void theServiceKnowsOnlyTheLibrary() {
        noClasses()
                .that()
                .resideInAPackage("io.github.lift4j.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.github.lift4j.documents..",
                        "io.github.lift4j.retrieval..",
                        "io.github.lift4j.remote..",
                        "io.github.lift4j.evaluation..",
                        "io.github.lift4j.report..")
                .check(classes);
    }

    @Test
    void onlyTheCommandLineKnowsTheService() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.github.lift4j.server..", "io.github.lift4j.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.lift4j.server..")
                .check(classes);
    }

    /** The modules that do are not in the command: what is seen here must know neither. */
    @Test
    void theCommandKnowsNoFrameworksOfApplications() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.langchain4j..",
                        "org.springframework..",
                        "io.github.lift4j.langchain4j..",
                        "io.github.lift4j.spring..")
                .check(classes);
    }

    @Test
    void onlyTheStoreSpeaksSqlAndOnlyHttpAndTheApiKnowTheWebServer() {
        noClasses()
                .that()
                .resideInAPackage("io.github.lift4j.server..")
                .and()
                .resideOutsideOfPackage("io.github.lift4j.server.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.sqlite..")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.github.lift4j.server.http..",
                        "io.github.lift4j.server.api..",
                        "io.github.lift4j.server.page..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.github.lift4j.(**)").should().beFreeOfCycles().check(classes);
    }
}
