package worldmodels.kernel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** As in the library: what is written is the same whatever the machine's language. */
class LanguageTest {

    @Test
    void textIsMadeInNoMachinesLanguage() {
        DescribedPredicate<JavaCall<?>> takesNone = describe("a format without its language", call ->
                Set.of("format", "formatted", "printf", "toUpperCase", "toLowerCase").contains(call.getName())
                        && call.getTargetOwner().getPackageName().startsWith("java.")
                        && call.getTarget().getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Locale.class)));
        noClasses().should().callCodeUnitWhere(takesNone).because("digits from 0 to 9 and a point are read everywhere")
                .check(new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("worldmodels.kernel"));
    }
}
