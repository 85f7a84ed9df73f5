package worldmodels.kernel;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.CellDisplays;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.reply.ExecuteReply;
import io.github.spencerpark.jupyter.messages.reply.HistoryReply;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The kernel: what Jupyter asks, answered by one {@link CellEvaluator}. */
public final class JavaKernel extends BaseKernel {

    /** The last reply leaves, and a running cell gets a moment to stop at a clean point. */
    private static final long FAREWELL_MS = 300;

    private final CellOutput output;
    private final Magics magics = new Magics();
    private final CompletableFuture<CellEvaluator> evaluator = new CompletableFuture<>();
    private ShellReplyEnvironment displays;
    private CellConnection.Environment current;
    private boolean failed;
    private Instant failedAt = Instant.MIN;

    JavaKernel(CellOutput output) {
        this.output = output;
        setShouldReplaceStdStreams(false);
    }

    /** Jupyter is answered while the compiler warms up. */
    void prepare(Settings settings) {
        evaluator.completeAsync(() -> Startup.evaluator(settings, magics, output));
    }

    /** @return the magics that cells can call */
    public Magics getMagics() {
        return magics;
    }

    /** @return the value of a piece of Java evaluated in the notebook's session */
    public Object evalRaw(String source) throws Exception {
        return evaluator.join().eval(source, "evaluated text");
    }

    @Override
    public DisplayData eval(String source) throws Exception {
        CellDisplays.sendTo(getIO(), displays);
        Object value = evaluator.join().eval(source, "cell [" + (executionCount.get() - 1) + "]");
        return value == null ? null : value instanceof DisplayData data ? data : getRenderer().render(value);
    }

    @Override
    public void interrupt() {
        if (evaluator.isDone()) {
            evaluator.join().interrupt();
        }
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return Assistance.complete(evaluator.join().analysis(), code, at);
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return Assistance.inspect(evaluator.join().analysis(), code, at);
    }

    @Override
    public String isComplete(String code) {
        return switch (Assistance.completeness(evaluator.join().analysis(), code)) {
            case COMPLETE -> IS_COMPLETE_YES;
            case INVALID -> IS_COMPLETE_BAD;
            case INCOMPLETE -> "    ";
        };
    }

    @Override
    public LanguageInfo getLanguageInfo() {
        return new LanguageInfo.Builder("Java")
                .version(Runtime.version().toString())
                .mimetype("text/x-java-source")
                .fileExtension(".jshell")
                .pygments("java")
                .codemirror("java")
                .build();
    }

    @Override
    public String getBanner() {
        return "Java " + Runtime.version() + ", World Models in Java kernel";
    }

    @Override
    public List<String> formatError(Exception e) {
        failed = true;
        if (e instanceof CellFailure failure) {
            current.failedWith(failure, executionCount.get() - 1);
            return failure.lines();
        }
        return super.formatError(e);
    }

    @Override
    public void onShutdown(boolean isRestarting) {
        interrupt();
        Exit.soon(0, FAREWELL_MS);
    }

    @Override
    public void becomeHandlerForConnection(JupyterConnection connection) {
        super.becomeHandlerForConnection(connection);
        displays = ((CellConnection) connection).displays();
        ShellHandler<ExecuteRequest> execute = connection.getHandler(MessageType.EXECUTE_REQUEST);
        connection.setHandler(MessageType.EXECUTE_REQUEST, (env, message) -> execute(execute, env, message));
        // A console waits for an answer, which the base library gives only where there is a history.
        connection.setHandler(MessageType.HISTORY_REQUEST, (env, message) -> {
            env.setBusyDeferIdle();
            env.reply(new HistoryReply(List.of()));
        });
    }

    private void execute(ShellHandler<ExecuteRequest> base, ShellReplyEnvironment env, Message<ExecuteRequest> message) {
        if (!sentAt(message).isAfter(failedAt)) {
            abort(env);
            return;
        }
        current = (CellConnection.Environment) env;
        failed = false;
        output.sendTo(current);
        base.handle(env, message);
        output.flush();
        if (failed && message.getContent().shouldStopOnError()) {
            failedAt = Instant.now();
        }
    }

    private static Instant sentAt(Message<?> message) {
        try {
            return OffsetDateTime.parse(message.getHeader().getTimestamp().getDateString()).toInstant();
        } catch (DateTimeException e) {
            return Instant.MAX;
        }
    }

    /** Cells that were sent behind one that failed are not run: "Run all" stops at the first error. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private void abort(ShellReplyEnvironment env) {
        env.setBusyDeferIdle();
        Map<String, Object> aborted = Map.of("status", "aborted", "execution_count", executionCount.get());
        env.reply(new Message(env.getContext(), ExecuteReply.MESSAGE_TYPE, aborted));
    }
}
