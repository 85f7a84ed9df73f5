package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;
import worldmodels.nn.RmsProp;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.TorchOps;
import worldmodels.run.Settings;

/**
 * A {@link VaeGan} that learns (Larsen et al. 2016, section 2.3 and algorithm 1). With z ~ q(z|x), z_p ~ N(0, 1), x~ = Dec(z), x_p = Dec(z_p) and
 * the discriminator's third layer Dis_l:
 *
 * <pre>
 * L_prior = KL(q(z|x) ‖ N(0, 1))          L_llike = ½ Σ (Dis_l(x) - Dis_l(x~))² / s²
 * L_GAN   = - ln Dis(x) - ln(1 - Dis(x~)) - ln(1 - Dis(x_p))
 *
 * the encoder makes small         L_prior + L_llike
 * the decoder makes small         γ L_llike - ln Dis(x~) - ln Dis(x_p)
 * the discriminator makes small   L_GAN
 * </pre>
 *
 * The paper's text writes L_GAN without the minus signs and then lets the discriminator descend along it, which would make it worse; the signs here are
 * the ones that its algorithm needs. The decoder's last two terms stand for -L_GAN, with the same fixed point and a gradient that does not fade where
 * the discriminator is sure (Goodfellow et al. 2014, section 3). s² is the features' mean variance over the frames of the batch: the paper's batch
 * normalisation gives them unit variance, and without a unit a discriminator that shrinks its features would shrink the likelihood.
 *
 * <p>What reaches whom is in how the terms are made, {@link Game}: z enters the decoder as a constant where its picture goes on to be judged, so no gradient of
 * the game reaches the encoder; the likelihood goes through a frozen discriminator. Encoder and decoder share one backward pass, of the decoder's
 * objective divided by γ: RMSprop's steps do not depend on such a factor.
 *
 * <p>With {@code vaegan.pixels} above 0 the likelihood has a second part, as much times Σ (x - x~)²: the features of a discriminator that has seen few
 * frames hold edges in their places and say little of colours and of what lies far apart.
 *
 * <p>The game is kept even by rests: below a loss the discriminator does not step, above one the decoder does not.
 */
public final class VaeGanLearner extends VisionLearner {

    public static final String FEATURES = "distance of features";
    public static final String ON_FRAMES = "discriminator on frames";
    public static final String ON_PICTURES = "on pictures";
    public static final String DISCRIMINATOR_RESTS = "discriminator rests";
    public static final String DECODER_RESTS = "decoder rests";
    private static final String WINNING = "stepsWinning";
    private static final float MEAN_SQUARE_DECAY = 0.9f;

    private final VaeGan model;
    private final VaeGanSettings settings;
    private final long seed;
    private final double stepsPerEpoch;
    private final Discriminator discriminator;
    private final Player encoder;
    private final Player decoder;
    private final Player judge;
    private String notice = "";
    /** Steps in a row in which the discriminator was winning. */
    private long winning;

    /** One of the three networks, and what moves it. */
    private record Player(String name, Parameters parameters, RmsProp optimiser) {

        static Player of(String name, Parameters parameters, float rate) {
            return new Player(name, parameters, new RmsProp(parameters, rate, MEAN_SQUARE_DECAY));
        }

        /** @throws Terms.RunAway if its gradient is not finite */
        void checkGradient() {
            requireFinite("gradient", Gradients.norm(parameters));
        }

        /** @throws Terms.RunAway if what came out of it is not finite */
        float requireFinite(String what, float value) {
            if (!Float.isFinite(value)) {
                throw new Terms.RunAway("the " + name + "'s " + what + " is " + value, "lower vaegan.learningRate");
            }
            return value;
        }

        void play(boolean rests, float rate) {
            if (rests) {
                parameters.zeroGradients();
            } else {
                optimiser.learningRate(rate);
                optimiser.step();
            }
        }
    }

    /**
     * One batch's terms, scalars.
     *
     * @param prior       L_prior, nats
     * @param likelihood  L_llike's features, nats
     * @param taken       what the decoder pays for not being taken for frames, -ln Dis(x~) - ln Dis(x_p)
     * @param onFrames    -ln Dis(x)
     * @param onPictures  the mean of -ln(1 - Dis(x~)) and -ln(1 - Dis(x_p))
     * @param squareError of pixels and colours, per frame
     */
    public record Game(NDArray prior, NDArray likelihood, NDArray taken, NDArray onFrames, NDArray onPictures, NDArray squareError) {

        /** @param noise ε of the posterior's sample, then z_p, (2 batch, latent) */
        public static Game of(VaeGan model, Discriminator.Weights judge, NDArray frames, NDArray noise) {
            long batch = frames.getShape().get(0);
            NDArray epsilon = noise.get("0:" + batch);
            NDArray x = ConvVae.planes(frames);
            Normal posterior = model.networks().encodePlanes(x);
            NDArray z = posterior.sample(epsilon);
            NDArray seen = model.networks().decodePlanes(z);
            NDArray drawn = model.networks().decodePlanes(z.stopGradient().concat(noise.get(batch + ":")));

            NDArray features = judge.features(x);
            NDArray constant = features.stopGradient();
            NDArray unit = constant.sub(constant.mean(new int[] {0}, true)).square().mean();
            Discriminator.Weights frozen = judge.frozen();
            NDArray likelihood = TorchOps.times(frozen.features(seen).sub(constant).square().sum().div(unit), 0.5 / batch);

            // Recorded for the decoder with the judge frozen, for the judge with the pictures frozen.
            NDArray taken = TorchOps.times(Activation.softPlus(frozen.judge(frozen.features(drawn)).neg()).mean(), 2);
            NDArray onFrames = Activation.softPlus(judge.judge(features).neg()).mean();
            NDArray onPictures = Activation.softPlus(judge.judge(judge.features(drawn.stopGradient()))).mean();
            NDArray squareError = TorchOps.times(seen.sub(x).square().sum(), 1.0 / batch);
            return new Game(posterior.divergence().mean(), likelihood, taken, onFrames, onPictures, squareError);
        }

        /** The encoder's objective and the decoder's over γ. */
        public NDArray ofModel(double gamma, double pixels) {
            return prior.add(likelihood).add(TorchOps.times(squareError, pixels)).add(TorchOps.times(taken, 1 / gamma));
        }

        /** L_GAN: the pictures are of two kinds. */
        public NDArray ofDiscriminator() {
            return onFrames.add(TorchOps.times(onPictures, 2));
        }
    }

    /**
     * @param model trained in place
     * @param steps how many in all, of which the epochs are equal parts
     * @param seed  of the discriminator's weights and of the noise
     */
    public VaeGanLearner(VaeGan model, VaeGanSettings settings, long steps, long seed, Frames frames) {
        this(model, settings, steps, seed, frames, new Discriminator(model.parameters().manager(), settings.channels(), Seeds.named(seed, "discriminator")));
    }

    private VaeGanLearner(VaeGan model, VaeGanSettings settings, long steps, long seed, Frames frames, Discriminator discriminator) {
        this(model, settings, steps, seed, frames, discriminator, Player.of("encoder", model.parameters().part(VaeGan.ENCODER), settings.learningRate()),
                Player.of("decoder", model.parameters().part(VaeGan.DECODER), settings.learningRate()),
                Player.of("discriminator", discriminator.parameters(), settings.learningRate()));
    }

    private VaeGanLearner(VaeGan model, VaeGanSettings settings, long steps, long seed, Frames frames, Discriminator discriminator, Player encoder,
            Player decoder, Player judge) {
        super(model, List.of(encoder.optimiser.of(encoder.name), decoder.optimiser.of(decoder.name), judge.optimiser.of(judge.name)), text(settings, steps),
                seed, frames);
        this.model = model;
        this.settings = settings;
        this.seed = seed;
        this.stepsPerEpoch = (double) steps / settings.epochs();
        this.discriminator = discriminator;
        this.encoder = encoder;
        this.decoder = decoder;
        this.judge = judge;
    }

    private static Map<String, String> text(VaeGanSettings settings, long steps) {
        Map<String, String> text = new LinkedHashMap<>(Settings.text(settings));
        text.put("steps", "" + steps);
        return text;
    }

    @Override
    public String work() {
        return "VAE-GAN training";
    }

    @Override
    protected Terms learn(NDArray frames, Gradients.Tape tape, long step) {
        NDManager scope = frames.getManager();
        Game game = Game.of(model, discriminator.weights(scope), frames, noise(frames, "vaegan noise", step));
        float prior = encoder.requireFinite("divergence", value(game.prior));
        float squareError = decoder.requireFinite("squared error", value(game.squareError));
        float likelihood = judge.requireFinite("distance of features", value(game.likelihood));
        float onFrames = judge.requireFinite("loss on frames", value(game.onFrames));
        float onPictures = judge.requireFinite("loss on pictures", value(game.onPictures));
        boolean judgeRests = rests(Math.min(onFrames, onPictures) < settings.equilibrium() - settings.margin(), onFrames, onPictures);
        boolean decoderRests = rests(Math.max(onFrames, onPictures) > settings.equilibrium() + settings.margin(), onFrames, onPictures);
        Terms terms = Terms.of(RECONSTRUCTION, squareError).and(DIVERGENCE, prior).and(FEATURES, likelihood)
                .and(ON_FRAMES, onFrames).and(ON_PICTURES, onPictures).and(DISCRIMINATOR_RESTS, judgeRests ? 1 : 0)
                .and(DECODER_RESTS, decoderRests ? 1 : 0);
        requireOpenGame(Math.max(onFrames, onPictures));

        tape.backward(game.ofModel(settings.gamma(), settings.pixels()));
        if (!judgeRests) {
            tape.backward(game.ofDiscriminator());
        }
        List.of(encoder, decoder, judge).forEach(Player::checkGradient);
        float rate = (float) (settings.learningRate() * Math.pow(settings.decay(), step / stepsPerEpoch));
        encoder.play(false, rate);
        decoder.play(decoderRests, rate);
        judge.play(judgeRests, rate);
        notice = judgeRests ? "the discriminator rests" : decoderRests ? "the decoder rests" : "";
        return terms.loss(squareError + prior);
    }

    /** Where both should rest, none does. */
    private boolean rests(boolean should, float onFrames, float onPictures) {
        boolean both = Math.min(onFrames, onPictures) < settings.equilibrium() - settings.margin()
                && Math.max(onFrames, onPictures) > settings.equilibrium() + settings.margin();
        return should && !both;
    }

    private void requireOpenGame(float greatestLoss) {
        winning = greatestLoss < settings.won() ? winning + 1 : 0;
        if (winning >= settings.patience()) {
            throw new Terms.RunAway("the discriminator has won: its losses have been below " + settings.won() + " for " + winning + " steps, and the decoder "
                    + "learns nothing from it any more", "give it fewer channels (vaegan.channels), or the decoder more of its gradient (a smaller vaegan.gamma)");
        }
    }

    private NDArray noise(NDArray frames, String name, long index) {
        return Noise.normal(frames.getManager(), new Shape(2 * frames.getShape().get(0), model.latentSize()), Seeds.named(seed, name, index));
    }

    /** As the ConvVAE's without a floor, so that the curves can be laid over each other. */
    @Override
    protected Loss validationLoss(NDArray frames, long batch) {
        return model.loss(frames, noise(frames, "vaegan validation noise", batch).get("0:" + frames.getShape().get(0)), 0);
    }

    @Override
    public String notice() {
        return notice;
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        super.save(draft);
        discriminator.parameters().named().forEach((name, array) -> draft.put(Checkpoint.TRAINING + name, array));
        draft.text(WINNING, "" + winning);
    }

    @Override
    public void restore(Checkpoint found) {
        super.restore(found);
        discriminator.parameters().named().forEach((name, array) -> found.copyInto(Checkpoint.TRAINING + name, array));
        winning = found.number(WINNING);
    }

    @Override
    public void close() {
        super.close();
        discriminator.close();
    }
}
