package worldmodels;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The house's floor plan, checked: what may use what. */
class ArchitectureTest {

    /** A package uses those in the lines above its own, and none in its own line or below. */
    private static final List<List<String>> ORDER = List.of(
            List.of("run"),
            List.of("random"),
            List.of("nn"),
            List.of("env"),
            List.of("vision", "controller"),
            List.of("data"),
            List.of("memory", "planet", "rl"),
            List.of("dream"),
            List.of("agent"),
            List.of("evolution"),
            List.of("evaluation"),
            List.of("report"),
            List.of("study"),
            List.of("notebook"));

    /** What writes numbers or letters in the machine's language unless it is given one. */
    private static final Map<Class<?>, Set<String>> FORMATS = Map.of(
            String.class, Set.of("format", "formatted", "toUpperCase", "toLowerCase"),
            PrintStream.class, Set.of("format", "printf"),
            PrintWriter.class, Set.of("format", "printf"),
            Formatter.class, Set.of("<init>"),
            NumberFormat.class, Set.of("getInstance", "getNumberInstance", "getIntegerInstance", "getPercentInstance"),
            DecimalFormat.class, Set.of("<init>"),
            DecimalFormatSymbols.class, Set.of("<init>", "getInstance"),
            MessageFormat.class, Set.of("<init>", "format"),
            SimpleDateFormat.class, Set.of("<init>"),
            DateTimeFormatter.class, Set.of("ofPattern", "ofLocalizedDate", "ofLocalizedTime", "ofLocalizedDateTime"));

    private static JavaClasses library;

    @BeforeAll
    static void readTheLibrary() {
        library = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("worldmodels");
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        TreeSet<String> homeless = new TreeSet<>();
        library.stream().map(ArchitectureTest::house).filter(name -> place(name) < 0).forEach(homeless::add);
        assertEquals(new TreeSet<>(), homeless, "Packages that the order does not name");
    }

    @Test
    void aPackageUsesOnlyThoseBeforeIt() {
        TreeSet<String> wrong = new TreeSet<>();
        for (JavaClass user : library) {
            user.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(used -> used.getPackageName().startsWith("worldmodels") && !house(used).equals(house(user)))
                    .filter(used -> place(house(used)) >= place(house(user)))
                    .forEach(used -> wrong.add(user.getName() + " uses " + used.getName()));
        }
        assertEquals(new TreeSet<>(), wrong, "Uses against the order");
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("worldmodels.(**)").should().beFreeOfCycles().check(library);
    }

    @Test
    void onlyReportsAndNotebooksDrawWithAwt() {
        noClasses().that().resideOutsideOfPackages("worldmodels.report..", "worldmodels.study..", "worldmodels.notebook..")
                .should().dependOnClassesThat(resideInAPackage("java.awt..").or(resideInAPackage("javax.imageio.."))
                        .or(resideInAPackage("javax.swing..")).or(resideInAPackage("org.knowm.xchart..")))
                .because("no picture that a model sees passes through AWT").check(library);
    }

    @Test
    void onlyNnReachesBelowDjl() {
        noClasses().that().resideOutsideOfPackage("worldmodels.nn..")
                .should().dependOnClassesThat(resideInAPackage("ai.djl.pytorch.."))
                .because("models are Java; TorchScript and engine calls have one place").check(library);
    }

    /** What follows from one: the gradient of a factor that Java's collector has taken meanwhile. */
    @Test
    void modelsTakeNumbersThroughTorchOps() {
        DescribedPredicate<JavaMethodCall> keepsItsNumber = describe("an operation of DJL whose number the backward pass reads again",
                call -> call.getTargetOwner().isAssignableTo(NDArray.class)
                        && List.of("mul", "div", "pow", "mod", "maximum", "minimum").contains(call.getName())
                        && call.getTarget().getRawParameterTypes().getFirst().isEquivalentTo(Number.class));
        noClasses().that().resideInAnyPackage("worldmodels.vision..", "worldmodels.memory..", "worldmodels.dream..", "worldmodels.planet..",
                        "worldmodels.rl..").should().callMethodWhere(keepsItsNumber)
                .because("the number's memory is gone by then; see TorchOps.times").check(library);
    }

    @Test
    void theLibraryNeverEndsTheProcess() {
        noClasses().should().callMethod(System.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "halt", int.class)
                .because("the caller, often a kernel, decides when to end").check(library);
    }

    /** File names, TorchScript and tables: a machine's language may write them in digits of its own, or with a comma. */
    @Test
    void textIsMadeInNoMachinesLanguage() {
        DescribedPredicate<JavaCall<?>> takesNone = describe("a format without its language", call -> FORMATS.entrySet().stream()
                .anyMatch(format -> call.getTargetOwner().isEquivalentTo(format.getKey()) && format.getValue().contains(call.getName()))
                && call.getTarget().getRawParameterTypes().stream()
                        .noneMatch(type -> type.isEquivalentTo(Locale.class) || type.isEquivalentTo(DecimalFormatSymbols.class)));
        noClasses().should().callCodeUnitWhere(takesNone).because("digits from 0 to 9 and a point are read everywhere").check(library);
    }

    /** The first package below the root: {@code env} for {@code worldmodels.env.carracing}. */
    private static String house(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        return parts.length > 1 ? parts[1] : "";
    }

    private static int place(String house) {
        return IntStream.range(0, ORDER.size()).filter(i -> ORDER.get(i).contains(house)).findFirst().orElse(-1);
    }
}
