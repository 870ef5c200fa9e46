package io.github.lift4j.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {

    @Property
    void whateverItIsCalledItStaysInItsFolder(@ForAll String uploaded) {
        String name = FileName.safe(uploaded);
        Path folder = Path.of("/data/files/x");
        assertThat(folder.resolve(name).normalize().getParent()).isEqualTo(folder);
        assertThat(name).isNotBlank().doesNotStartWith(".");
        assertThat(name.codePointCount(0, name.length())).isLessThanOrEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource({
        "report.pdf,report.pdf",
        "../../etc/passwd,passwd",
        "C:\\docs\\Ünïcode näme.md,Ünïcode näme.md",
        "a:b*c.txt,a_b_c.txt",
        "...,document",
        "'',document"
    })
    void whatIsHarmlessStays(String uploaded, String name) {
        assertThat(FileName.safe(uploaded)).isEqualTo(name);
    }
}
