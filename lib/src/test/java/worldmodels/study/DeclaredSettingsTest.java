package worldmodels.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** Every setting is declared in paper.properties and read by a record; all presets hold what the records allow. */
class DeclaredSettingsTest {

    private static final List<Class<? extends Record>> RECORDS = records();

    private static List<Class<? extends Record>> records() {
        List<Class<? extends Record>> records = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("worldmodels")
                .stream().filter(type -> type.isAnnotatedWith(Settings.Section.class)).map(JavaClass::reflect)
                .<Class<? extends Record>>map(type -> type.asSubclass(Record.class)).toList();
        assertTrue(records.size() > 10, "the library's records are found: " + records);
        return records;
    }

    @Test
    void whatIsDeclaredIsReadAndWhatIsReadIsDeclared() {
        TreeSet<String> read = RECORDS.stream().flatMap(type -> Settings.keys(type).stream()).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(Preset.named("paper").settings().keySet()), read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"paper", "laptop", "smoke"})
    void everyPresetIsWithinTheBounds(String name) {
        RECORDS.forEach(type -> Settings.of(Preset.named(name), type));
    }
}
