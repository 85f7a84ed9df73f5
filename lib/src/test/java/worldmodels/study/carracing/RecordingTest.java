package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.djl.ndarray.NDManager;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.agent.Agent;
import worldmodels.agent.LatentChoice;
import worldmodels.controller.Features;
import worldmodels.data.Crew;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.vision.ConvVae;

class RecordingTest {

    @TempDir
    Path work;

    @Test
    void whoRecordsALaterRoundCanBeSentToAnotherMachine() throws IOException, ClassNotFoundException {
        try (NDManager manager = Compute.newManager()) {
            ConvVae vision = new ConvVae(manager, 4, 1);
            MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(4), 1);
            Agent agent = new Agent(vision, memory, Features.Z_H, LatentChoice.MEAN, new double[Agent.controller(vision, memory, Features.Z_H).parameterCount()]);
            Crew crew = Recording.driven(Preset.named("smoke"), work, 2, List.of(), progress -> List.of(agent, agent)).crew().apply(Progress.NONE);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(sent)) {
                out.writeObject(crew);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent.toByteArray()))) {
                assertNotNull(((Crew) in.readObject()).driver());
            }
        }
    }
}
