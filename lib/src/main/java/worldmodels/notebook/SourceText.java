package worldmodels.notebook;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import worldmodels.run.KitException;

/**
 * A piece of the library's sources, as it stands in its file. The sources are packed with the classes they were compiled to, so the two cannot
 * differ, wherever the kit runs; the JDK's own parser finds what is asked for.
 *
 * @param name  of the class and the member, e.g. {@code ConvVae.encode}
 * @param file  from the kit's folder, e.g. {@code lib/src/main/java/worldmodels/vision/ConvVae.java}
 * @param first its first line there, with its comment
 * @param last  its last line there
 * @param text  these lines, without the indentation they share
 */
record SourceText(String name, String file, int first, int last, String text) {

    private static final String PACKED = "/worldmodels/sources/";
    private static final String ROOT = "lib/src/main/java/";

    /**
     * @param members methods (with all overloads, or one as {@code "at(int, long)"}), fields, nested types, or the class's own name for its
     *                constructors; none for the class as a whole
     * @throws KitException if the class is not the kit's, or has no such member of its own
     */
    static List<SourceText> of(Class<?> type, String... members) {
        String file = outermost(type).getName().replace('.', '/') + ".java";
        Parsed parsed = parse(type, file, read(type, file));
        ClassTree declared = parsed.find(type);
        if (members.length == 0) {
            return List.of(parsed.piece(shortName(type), declared));
        }
        List<SourceText> pieces = new ArrayList<>();
        for (String member : members) {
            List<? extends Tree> found = declared.getMembers().stream().filter(tree -> isCalled(tree, member, declared)).toList();
            if (found.isEmpty()) {
                throw new KitException("The source of " + shortName(type) + " has no " + member + "; it has " + declared.getMembers().stream()
                        .map(tree -> name(tree, declared)).filter(name -> !name.isEmpty()).distinct().collect(Collectors.joining(", ")) + ".");
            }
            found.forEach(tree -> pieces.add(parsed.piece(shortName(type) + "." + name(tree, declared), tree)));
        }
        return pieces;
    }

    private static Class<?> outermost(Class<?> type) {
        return type.getEnclosingClass() == null ? type : outermost(type.getEnclosingClass());
    }

    private static String shortName(Class<?> type) {
        return type.getEnclosingClass() == null ? type.getSimpleName() : shortName(type.getEnclosingClass()) + "." + type.getSimpleName();
    }

    private static String read(Class<?> type, String file) {
        try (InputStream in = SourceText.class.getResourceAsStream(PACKED + file)) {
            if (in == null) {
                throw new KitException("The source of " + type.getName() + " is not here; only the kit's own classes can be shown.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new KitException("Cannot read the packed source " + file + " (" + e.getMessage() + "); build the library again.", e);
        }
    }

    private static Parsed parse(Class<?> type, String file, String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new KitException("This Java has no compiler to read the source of " + type.getName() + " with; run the kit on a JDK.");
        }
        SimpleJavaFileObject text = new SimpleJavaFileObject(URI.create("string:///" + file), SimpleJavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) compiler.getTask(null, null, problem -> { }, List.of("-proc:none"), null, List.of(text));
        try {
            return new Parsed(file, source, task.parse().iterator().next(), Trees.instance(task).getSourcePositions());
        } catch (IOException e) {
            throw new KitException("Cannot parse the source of " + type.getName() + " (" + e.getMessage() + ").", e);
        }
    }

    private static boolean isCalled(Tree tree, String member, ClassTree declared) {
        int parameters = member.indexOf('(');
        return parameters < 0 ? name(tree, declared).equals(member)
                : tree instanceof MethodTree method && name(tree, declared).equals(member.substring(0, parameters))
                        && types(method).equals(member.substring(parameters).replace(" ", ""));
    }

    private static String name(Tree tree, ClassTree declared) {
        return switch (tree) {
            case MethodTree method when method.getReturnType() == null -> declared.getSimpleName().toString();
            case MethodTree method -> method.getName().toString();
            case VariableTree field -> field.getName().toString();
            case ClassTree nested -> nested.getSimpleName().toString();
            default -> "";
        };
    }

    /** {@code (int,List)}: without type arguments, as one would write them in short. */
    private static String types(MethodTree method) {
        return method.getParameters().stream().map(p -> p.getType().toString().replaceAll("<.*>", "").replace(" ", ""))
                .collect(Collectors.joining(",", "(", ")"));
    }

    private record Parsed(String file, String source, CompilationUnitTree unit, SourcePositions positions) {

        ClassTree find(Class<?> type) {
            List<? extends Tree> candidates = type.getEnclosingClass() == null ? unit.getTypeDecls() : find(type.getEnclosingClass()).getMembers();
            return candidates.stream().filter(tree -> tree instanceof ClassTree c && c.getSimpleName().contentEquals(type.getSimpleName()))
                    .map(ClassTree.class::cast).findFirst()
                    .orElseThrow(() -> new KitException("The source of " + type.getName() + " has no declaration of its own to show."));
        }

        SourceText piece(String name, Tree tree) {
            int start = lineStart(withComment((int) positions.getStartPosition(unit, tree)));
            int end = (int) positions.getEndPosition(unit, tree);
            int first = (int) unit.getLineMap().getLineNumber(start);
            int last = (int) unit.getLineMap().getLineNumber(end);
            return new SourceText(name, ROOT + file, first, last, source.substring(start, end).stripIndent().stripTrailing());
        }

        /** Where the comment that stands right before a declaration begins, or the declaration. */
        private int withComment(int start) {
            String before = source.substring(0, start).stripTrailing();
            return before.endsWith("*/") ? before.lastIndexOf("/*") : start;
        }

        private int lineStart(int at) {
            return source.lastIndexOf('\n', at) + 1;
        }
    }
}
