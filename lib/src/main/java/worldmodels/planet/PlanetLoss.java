package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;
import worldmodels.random.Pcg64;

/**
 * The negative of PlaNet's bound on ln p(o, r | a) (Hafner et al. 2019, equation 3), with a reward as one more observation:
 *
 * <pre>
 *   L =  w_o · mean over t of Σ over pixels (o_t - ô_t)²
 *      + w_r · mean over t of (r_t - r̂_t)²
 *      +       mean over t of max(0, KL(q(s_t | o_≤t, a_&lt;t) ‖ p(s_t | s_t-1, a_t-1)) - free nats)
 *      + w_r · rewards ahead  +  overshooting
 * </pre>
 *
 * <p>The divergence of one step of one sequence is summed over the state's components first, then compared with the free nats, then averaged over
 * steps and sequences: a batch whose mean is below 3 nats still pays for the steps above. (Kaixhin's {@code max(KL, 3)} differs by a constant.)
 * ô and r̂ are the decoded posterior samples. Two rewards are learned from that the authors' recordings have and ours have not: a chunk's first, whose action
 * lies outside the chunk (one in 50), and the one that comes with the frame after an episode's last action (one in 125 of cartpole's).
 *
 * <p>Decoding is most of the work. Where only a share of the steps is decoded, they are drawn evenly and without repetition, and their mean stands for the
 * mean of all: its expectation is the same, so is the gradient's.
 *
 * @param total        L, a scalar
 * @param observation  squared error per frame, a scalar
 * @param reward       squared error per reward, a scalar
 * @param ahead        and of rewards told without pictures, a scalar
 * @param divergence   KL in nats before any are free, a scalar
 * @param overshooting a scalar
 */
record PlanetLoss(NDArray total, NDArray observation, NDArray reward, NDArray ahead, NDArray divergence, NDArray overshooting) {

    /** @param seed of the noise on pixels and states */
    static PlanetLoss of(PlanetModel model, NDManager scope, SequenceBatch batch, PlanetSettings settings, long seed) {
        Objective objective = settings.objective();
        int steps = batch.steps();
        long rows = (long) steps * batch.batch();
        LatentDynamics dynamics = model.dynamics();
        NDArray frames = scope.create(batch.frames(), new Shape(rows, 64, 64, 3), DataType.UINT8);
        NDArray pixels = settings.depth().centred(frames, Seeds.named(seed, "pixels"));
        NDArray actions = scope.create(batch.actions(), new Shape(rows, dynamics.shape().actions()));
        NDArray noise = Noise.normalInBulk(scope, new Shape(rows, dynamics.shape().state()), Seeds.named(seed, "states"));
        LatentSequence sequence = dynamics.observe(steps, actions, model.encode(pixels), noise);
        NDArray features = sequence.features();

        NDArray observation = observation(model, features, pixels, objective.decoded(), Seeds.named(seed, "decoded"));
        NDArray rewards = scope.create(batch.rewards(), new Shape(rows));
        String later = batch.batch() + ":";
        NDArray reward = model.reward(features).get(later).sub(rewards.get(later)).square().mean();
        NDArray each = dynamics.divergence(sequence.posterior(), sequence.prior());
        NDArray divergence = each.mean();
        NDArray costly = objective.divergence().each(dynamics, sequence.posterior(), sequence.prior(), objective).mean();
        NDArray ahead = new RewardsAhead(objective.rewardAhead()).loss(model, sequence, actions, rewards, steps, seed);
        NDArray overshooting = objective.overshooting().loss(dynamics, sequence, actions, steps, objective.freeNats(), seed);

        NDArray total = TorchOps.times(observation, objective.imageLoss().weight())
                .add(TorchOps.times(objective.rewardAhead() == 0 ? reward : reward.add(ahead), objective.rewardScale().weight())).add(costly).add(overshooting);
        return new PlanetLoss(total, observation, reward, ahead, divergence, overshooting);
    }

    /** Mean squared error of the pictures, of all steps or of a share of them. */
    private static NDArray observation(PlanetModel model, NDArray features, NDArray pixels, double share, long seed) {
        long rows = features.getShape().get(0);
        if (share == 1) {
            return TorchOps.times(model.decode(features).sub(pixels).square().sum(), 1.0 / rows);
        }
        int count = (int) Math.max(1, Math.round(share * rows));
        NDArray chosen = features.getManager().create(Arrays.copyOf(Pcg64.seeded(seed).permutation((int) rows), count)).toType(DataType.INT64, false);
        return TorchOps.times(model.decode(features.get(chosen)).sub(pixels.get(chosen)).square().sum(), 1.0 / count);
    }

    /** All six numbers, in one read: on a GPU each read waits for all work before it. */
    float[] values() {
        return NDArrays.stack(new NDList(total, observation, reward, divergence, overshooting, ahead)).toFloatArray();
    }
}
