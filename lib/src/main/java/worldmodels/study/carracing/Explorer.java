package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.Stream;
import worldmodels.agent.RandomNetworkPolicy;
import worldmodels.data.Crew;
import worldmodels.data.Exploration;
import worldmodels.data.Policy;
import worldmodels.env.BatchedEnvironment;

/** An exploration policy by its name: one of {@link Exploration}, or the authors' network of random weights. */
record Explorer(String name) implements Crew.Driver {

    private static final String RANDOM_NETWORK = "RANDOM_NETWORK";

    static Explorer parse(String name) {
        return all().stream().filter(explorer -> explorer.name.equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "one of " + String.join(", ", all().stream().map(Explorer::name).toList())));
    }

    static List<Explorer> all() {
        return Stream.concat(Stream.of(Exploration.values()).map(Enum::name), Stream.of(RANDOM_NETWORK)).map(Explorer::new).toList();
    }

    @Override
    public Policy policy(BatchedEnvironment cars, NDManager manager) {
        return policy(cars);
    }

    Policy policy(BatchedEnvironment cars) {
        return name.equals(RANDOM_NETWORK) ? new RandomNetworkPolicy(cars.lanes()) : Exploration.valueOf(name).policy(cars.actionSpace(), cars.lanes());
    }
}
