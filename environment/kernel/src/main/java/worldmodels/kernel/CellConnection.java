package worldmodels.kernel;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.reply.InputReply;
import io.github.spencerpark.jupyter.messages.request.InputRequest;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import org.zeromq.ZMsg;
import zmq.Msg;

/**
 * The base library's sockets with loops of our own, since its loops end at the first message that is not Jupyter's. Requests are handled in
 * the order in which they came, one at a time at each port; printed text and displays keep the order in which they happened, and none is lost.
 */
final class CellConnection extends JupyterConnection {

    private static final long TRY_AGAIN_MS = 50;
    /** So long nothing more comes: then what a "Run all" sent has arrived. */
    private static final int QUIET_MS = 50;
    private static final int LOOK_EVERY_MS = 100;
    /** The compiler works on the shell's thread, and deeply nested code needs a deep stack. */
    private static final long STACK_BYTES = 8L << 20;
    /** Of one frame that comes in; a cell is shorter. */
    private static final int LONGEST_BYTES = 64 << 20;

    private final KernelConnectionProperties properties;
    private final CellOutput output;
    private final Inbox requests;
    private final Inbox orders;
    private final Inbox inputs;
    private final Deque<Message<?>> waiting = new ArrayDeque<>();
    private Thread shellLoop;

    CellConnection(KernelConnectionProperties properties, CellOutput output) throws GeneralSecurityException {
        super(properties);
        this.properties = properties;
        this.output = output;
        HMACGenerator signer = properties.createHMACGenerator();
        this.requests = new Inbox(shell, signer);
        this.orders = new Inbox(control, signer);
        this.inputs = new Inbox(stdin, signer);
        // A publisher drops what exceeds its queue of 1,000 messages; without a bound it waits for a slow reader instead.
        iopub.setSndHWM(0);
        for (ZMQ.Socket socket : List.of(heartbeat, shell, control, stdin, iopub)) {
            socket.setMaxMsgSize(LONGEST_BYTES);
            socket.setMsgAllocator(CellConnection::frame);
        }
    }

    /** JeroMQ 0.5.1 believes a length that is negative as 64 bits; it then fails for want of memory, or reads the same bytes for ever. */
    private static Msg frame(int bytes) {
        return new Msg(bytes < 0 || bytes > LONGEST_BYTES ? 0 : bytes);
    }

    @Override
    public void connect() {
        heartbeat.bind(address(properties.getHbPort()));
        shell.bind(address(properties.getShellPort()));
        control.bind(address(properties.getControlPort()));
        stdin.bind(address(properties.getStdinPort()));
        iopub.bind(address(properties.getIopubPort()));
        iopub.sendMessage(new Message<>(null, PublishStatus.MESSAGE_TYPE, PublishStatus.STARTING));
        start("Heartbeat", this::echo);
        start("Control", () -> handle(control, orders.next()));
        shellLoop = start("Shell", () -> handle(shell, waiting.isEmpty() ? requests.next() : waiting.poll()));
    }

    @Override
    public void waitUntilClose() {
        try {
            shellLoop.join();
        } catch (InterruptedException e) {
            // The process is ending.
        }
    }

    private String address(int port) {
        return properties.getTransport() + "://" + properties.getIp() + ":" + port;
    }

    /** A loop without end. Where a turn finds no memory it goes on a moment later: a cell that fills the heap is about to be told so. */
    private static Thread start(String name, Runnable turn) {
        Thread loop = new Thread(null, () -> {
            while (true) {
                try {
                    turn.run();
                } catch (OutOfMemoryError e) {
                    Reserve.giveUpAfter(e);
                    pause();
                }
            }
        }, name, STACK_BYTES);
        loop.start();
        return loop;
    }

    private static void pause() {
        try {
            Thread.sleep(TRY_AGAIN_MS);
        } catch (InterruptedException e) {
            // Sooner is as well.
        }
    }

    /** Jupyter asks whether the kernel lives: what it sends comes back. */
    private void echo() {
        ZMsg beat = ZMsg.recvMsg(heartbeat);
        beat.send(heartbeat);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void handle(ShellChannel channel, Message message) {
        ShellHandler handler = getHandler(message.getHeader().getType());
        if (handler == null) {
            Inbox.drop("the kernel has no answer to such a request", "");
            return;
        }
        ShellReplyEnvironment environment = prepareReplyEnv(channel, message);
        try {
            handler.handle(environment, message);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            Inbox.drop("its " + message.getHeader().getType().getName() + " cannot be handled", e.toString());
        } finally {
            environment.resolveDeferrals();
        }
    }

    /** For a request that has failed: what was sent behind it without knowing so. It is handled in its turn. */
    List<Message<?>> queued() {
        for (Message<?> message = requests.next(QUIET_MS); message != null; message = requests.next(QUIET_MS)) {
            waiting.add(message);
        }
        return List.copyOf(waiting);
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel channel, MessageContext context) {
        return new Environment(channel, stdin, iopub, context);
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
    final class Environment extends ShellReplyEnvironment implements CellOutput.Sink {

        private boolean silent;

        private Environment(ShellChannel channel, StdinChannel stdin, JupyterSocket iopub, MessageContext context) {
            super(channel, stdin, iopub, context);
        }

        /** From here on nothing is published but whether the kernel is busy. */
        void beSilent() {
            silent = true;
        }

        @Override
        public void publish(Message<?> message) {
            output.flush();
            if (!silent || message.getContent() instanceof PublishStatus) {
                super.publish(message);
            }
        }

        @Override
        public <T extends ContentType<T>> void publish(T content) {
            if (content instanceof DisplayData data) {
                Excerpt.shorten(data);
            }
            super.publish(content);
        }

        /** Straight to the socket: {@link #publish} flushes, which comes here. */
        @Override
        public void send(boolean error, String text) {
            if (!silent) {
                PublishStream stream = new PublishStream(error ? PublishStream.StreamType.ERR : PublishStream.StreamType.OUT, text);
                getIopub().sendMessage(new Message<>(getContext(), PublishStream.MESSAGE_TYPE, stream));
            }
        }

        /** Asks the reader for a line; an interrupt ends the waiting. What was typed for a question that nobody waits for any more is dropped. */
        @Override
        public String readFromStdIn(String prompt, boolean isPassword) {
            output.flush();
            while (inputs.next(0) != null) {
                // Came too late.
            }
            CellConnection.this.stdin.sendMessage(new Message<>(getContext(), InputRequest.MESSAGE_TYPE, new InputRequest(prompt, isPassword)));
            while (true) {
                StopChecks.check();
                if (Thread.interrupted()) {
                    throw StopChecks.stopped();
                }
                try {
                    if (inputs.next(LOOK_EVERY_MS) instanceof Message<?> message && message.getContent() instanceof InputReply reply) {
                        return reply.getValue() + "\n";
                    }
                } catch (ZMQException e) {
                    // An interrupt reached the waiting socket; it is looked at above.
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
