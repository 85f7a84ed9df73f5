package worldmodels.kernel;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a cell that never looks at its interrupt flag be stopped all the same, and one that fills the heap be told so before others find no memory:
 * the classes made from cells call {@link #check} at the start of each method and before each jump back. Compiled libraries are left as they are.
 */
public final class StopChecks {

    /** Ends the code of a stopped cell; not an exception, so that a cell's own {@code catch (Exception e)} does not keep it alive. */
    static final class Stopped extends Error {
        private static final long serialVersionUID = 1;

        private Stopped() {
            super("the cell was stopped");
        }
    }

    private static final ClassDesc HERE = ClassDesc.of(StopChecks.class.getName());
    private static final Set<Thread> STOPPED = ConcurrentHashMap.newKeySet();
    private static volatile boolean any;

    private StopChecks() {}

    /** Called by the code of cells. */
    public static void check() {
        if (any && STOPPED.contains(Thread.currentThread())) {
            throw new Stopped();
        }
        Reserve.check();
    }

    /** For code of the kernel that waits on a cell's behalf. */
    static Error stopped() {
        return new Stopped();
    }

    static void stop(Thread thread) {
        STOPPED.add(thread);
        any = true;
    }

    static void clear(Thread thread) {
        STOPPED.remove(thread);
        any = !STOPPED.isEmpty();
    }

    static byte[] weave(byte[] classBytes) {
        ClassFile format = ClassFile.of();
        return format.transformClass(format.parse(classBytes),
                ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Weaver::new)));
    }

    private static final class Weaver implements CodeTransform {

        private final Set<Label> passed = new HashSet<>();

        @Override
        public void atStart(CodeBuilder code) {
            callCheck(code);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof LabelTarget target) {
                passed.add(target.label());
            } else if (element instanceof BranchInstruction branch && passed.contains(branch.target())) {
                callCheck(code);
            }
            code.with(element);
        }

        private static void callCheck(CodeBuilder code) {
            code.invokestatic(HERE, "check", ConstantDescs.MTD_void);
        }
    }
}
