package worldmodels.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.CellDisplays;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteResult;
import io.github.spencerpark.jupyter.messages.reply.ExecuteReply;
import io.github.spencerpark.jupyter.messages.reply.HistoryReply;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.io.PrintStream;
import java.io.Writer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The kernel: what Jupyter asks, answered by one {@link CellEvaluator}. */
public final class JavaKernel extends BaseKernel {

    /** The last reply leaves, and a running cell gets a moment to stop at a clean point. */
    private static final long FAREWELL_MS = 300;

    private final CellOutput output;
    private final Magics magics = new Magics();
    private final CompletableFuture<CellEvaluator> evaluator = new CompletableFuture<>();
    /** Requests that were sent behind one that failed. */
    private final Set<Message<?>> aborted = Collections.newSetFromMap(new IdentityHashMap<>());
    private CellConnection connection;
    private ShellReplyEnvironment displays;

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
        return eval(source, "evaluated text");
    }

    private DisplayData eval(String source, String place) throws CellFailure {
        // What a magic gives has not been made ready to be shown; all else has.
        Object value = evaluator.join().eval(source, place, this::rendered);
        return value == null || value instanceof DisplayData ? (DisplayData) value : rendered(value);
    }

    private DisplayData rendered(Object value) {
        if (value instanceof DisplayData data) {
            return data;
        }
        DisplayData data = saysNothing(value) ? null : getRenderer().render(value);
        return data == null || isNothing(data, value) ? null : data;
    }

    /** What {@code printf} and {@code append} return is where the text went. */
    private static boolean saysNothing(Object value) {
        return value instanceof PrintStream || value instanceof Writer;
    }

    /** The kit's builders return themselves; those that neither have a picture nor say what they are have nothing to show. */
    private static boolean isNothing(DisplayData data, Object value) {
        String nameless = value.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(value));
        return nameless.startsWith("worldmodels.") && nameless.equals(data.getData(MIMEType.TEXT_PLAIN));
    }

    @Override
    public void interrupt() {
        if (evaluator.isDone()) {
            evaluator.join().interrupt();
        }
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return orNothing(() -> Assistance.complete(evaluator.join().analysis(), code, at));
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return orNothing(() -> Assistance.inspect(evaluator.join().analysis(), code, at));
    }

    /** Code may be nested too deeply for the compiler. */
    private static <T> T orNothing(Supplier<T> question) {
        try {
            return question.get();
        } catch (StackOverflowError | InternalError e) {
            return null;
        }
    }

    @Override
    public String isComplete(String code) {
        return switch (orNothing(() -> Assistance.completeness(evaluator.join().analysis(), code))) {
            case null -> IS_COMPLETE_MAYBE;
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
    public void onShutdown(boolean isRestarting) {
        interrupt();
        Exit.soon(0, FAREWELL_MS);
    }

    @Override
    public void becomeHandlerForConnection(JupyterConnection jupyter) {
        super.becomeHandlerForConnection(jupyter);
        connection = (CellConnection) jupyter;
        displays = connection.displays();
        jupyter.setHandler(MessageType.EXECUTE_REQUEST, this::execute);
        // A console waits for an answer, which the base library gives only where there is a history.
        jupyter.setHandler(MessageType.HISTORY_REQUEST, (env, message) -> {
            env.setBusyDeferIdle();
            env.reply(new HistoryReply(List.of()));
        });
    }

    private void execute(ShellReplyEnvironment env, Message<ExecuteRequest> message) {
        env.setBusyDeferIdle();
        if (aborted.remove(message)) {
            reply(env, Map.of("status", "aborted", "execution_count", executionCount.get()));
            return;
        }
        ExecuteRequest request = message.getContent();
        String code = Objects.requireNonNull(request.getCode(), "it has no code");
        CellConnection.Environment cell = (CellConnection.Environment) env;
        // A request that is not counted goes under the number of the last one that was.
        int count = request.shouldStoreHistory() && !request.isSilent() ? executionCount.getAndIncrement() : executionCount.get() - 1;
        if (request.isSilent()) {
            cell.beSilent();
        }
        commManager.setMessageContext(message);
        output.sendTo(cell);
        CellDisplays.begin(getIO(), displays, cell, request.isStdinEnabled());
        cell.publish(new PublishExecuteInput(code, count));
        try {
            DisplayData shown = eval(code, "cell [" + count + "]");
            if (shown != null) {
                cell.publish(new PublishExecuteResult(count, shown));
            }
            reply(cell.defer(), Map.of("status", "ok", "execution_count", count, "user_expressions", asked(request.getUserExpr())));
        } catch (Throwable e) {
            Reserve.giveUpAfter(e);
            CellFailure failure = CellFailure.of(e);
            cell.publish(new PublishError(failure.kind(), failure.getMessage(), failure.lines()));
            reply(cell.defer(), Map.of("status", "error", "execution_count", count,
                    "ename", failure.kind(), "evalue", failure.getMessage(), "traceback", failure.lines()));
            if (request.shouldStopOnError()) {
                abortQueued();
            }
        } finally {
            output.flush();
            CellDisplays.end(getIO(), cell);
        }
    }

    /** What the front end wants to know besides, once the cell has run: expressions by name. */
    private Map<String, JsonObject> asked(Map<String, String> expressions) {
        Map<String, JsonObject> values = new LinkedHashMap<>();
        if (expressions != null) {
            expressions.forEach((name, source) -> values.put(name, asked(source)));
        }
        return values;
    }

    private JsonObject asked(String source) {
        JsonObject answer = new JsonObject();
        try {
            answer = new Gson().toJsonTree(DisplayData.emptyIfNull(eval(source))).getAsJsonObject();
            answer.addProperty("status", "ok");
        } catch (Exception e) {
            CellFailure failure = CellFailure.of(e);
            answer.addProperty("status", "error");
            answer.addProperty("ename", failure.kind());
            answer.addProperty("evalue", failure.getMessage());
            answer.add("traceback", new Gson().toJsonTree(failure.lines()));
        }
        return answer;
    }

    /** "Run all" stops at the first error: cells that were sent behind one that failed are not run. What is sent later is, whatever a clock says. */
    private void abortQueued() {
        connection.queued().stream().filter(message -> message.getContent() instanceof ExecuteRequest).forEach(aborted::add);
    }

    /** The base library's own replies know neither "aborted" nor how expressions are answered. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void reply(ShellReplyEnvironment env, Map<String, Object> content) {
        env.reply(new Message(env.getContext(), ExecuteReply.MESSAGE_TYPE, content));
    }
}
