package io.github.lift4j.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What ARCHITECTURE.md says of the two modules that the command does not have. */
class WhoKnowsWhomTest {

    private static final String CHAT = "io.github.lift4j.langchain4j..";
    private static final String SPRING = "io.github.lift4j.spring..";

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.lift4j");
    }

    @Test
    void onlyTheStarterKnowsSpringAndNobodyKnowsTheStarter() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SPRING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", SPRING)
                .check(classes);
    }

    @Test
    void onlyTheirModuleKnowsLangChain4jAndOnlyTheStarterKnowsThatModule() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CHAT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.langchain4j..")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackages(CHAT, SPRING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CHAT)
                .check(classes);
    }

    @Test
    void neitherNamesLibtorch() {
        noClasses()
                .that()
                .resideInAnyPackage(CHAT, SPRING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..")
                .check(classes);
    }
}
