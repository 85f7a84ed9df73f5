package worldmodels.kernel;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.reply.ErrorReply;
import java.security.GeneralSecurityException;

/** The base library's connection, made lossless, whose replies keep printed text and displays in the order in which they happened. */
final class CellConnection extends JupyterConnection {

    private final CellOutput output;

    CellConnection(KernelConnectionProperties properties, CellOutput output) throws GeneralSecurityException {
        super(properties);
        this.output = output;
        // A publisher drops what exceeds its queue of 1,000 messages; without a bound it waits for a slow reader instead.
        iopub.setSndHWM(0);
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel channel, MessageContext context) {
        return new Environment(channel, stdin, iopub, context, output);
    }

    /** Where displays go: like printed text, each to the cell that started the thread which shows it. */
    ShellReplyEnvironment displays() {
        return new ShellReplyEnvironment(null, stdin, iopub, null) {
            @Override
            public <T extends ContentType<T>> void publish(T content) {
                if (output.sink() instanceof Environment cell) {
                    cell.publish(content);
                }
            }
        };
    }

    /** Where one request's replies and publications go. */
    static final class Environment extends ShellReplyEnvironment implements CellOutput.Sink {

        private final CellOutput output;
        private CellFailure failure;
        private int count;

        private Environment(ShellChannel channel, StdinChannel stdin, JupyterSocket iopub, MessageContext context, CellOutput output) {
            super(channel, stdin, iopub, context);
            this.output = output;
        }

        /** From here on the error is told under its own name, where the base library would name its wrapper. */
        void failedWith(CellFailure newFailure, int executionCount) {
            failure = newFailure;
            count = executionCount;
        }

        @Override
        public void publish(Message<?> message) {
            output.flush();
            super.publish(message);
        }

        @Override
        public <T extends ContentType<T>> void publish(T content) {
            if (content instanceof PublishError && failure != null) {
                publish(new Message<>(getContext(), PublishError.MESSAGE_TYPE,
                        new PublishError(failure.kind(), failure.getMessage(), failure.lines())));
            } else {
                super.publish(content);
            }
        }

        @Override
        public void replyError(MessageType<?> type, ErrorReply error) {
            if (failure == null) {
                super.replyError(type, error);
            } else {
                ErrorReply named = new ErrorReply(failure.kind(), failure.getMessage(), failure.lines());
                named.setExecutionCount(count);
                super.replyError(type, named);
            }
        }

        /** Straight to the socket: {@link #publish} flushes, which comes here. */
        @Override
        public void send(boolean error, String text) {
            PublishStream stream = new PublishStream(error ? PublishStream.StreamType.ERR : PublishStream.StreamType.OUT, text);
            getIopub().sendMessage(new Message<>(getContext(), PublishStream.MESSAGE_TYPE, stream));
        }
    }
}
