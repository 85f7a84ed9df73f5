"""PlaNet's RSSM in plain PyTorch: milliseconds per update and per decision, beside PlanetBenchmark.

Usage: python3 lib/benchmarks/src/main/python/rssm.py paper|laptop cpu|cuda THREADS [SECONDS]
Needs Python's torch. Sizes are those of environment/presets; the network, the loss, Adam and the planner are those of worldmodels.planet, written as
one would in Python: nn modules, one step of the dynamics after the other, one read of the losses per update.
"""
import sys
import time
from statistics import median

import torch
from torch import nn
from torch.nn import functional as F

# batch, chunk, channels, belief and hidden, reward layers, their width, free nats; planner: horizon, iterations, candidates, elites
SIZES = {"paper": (50, 50, 32, 200, 3, 300, 3, 12, 10, 1000, 100), "laptop": (4, 50, 8, 128, 2, 128, 1, 12, 5, 100, 10)}
STATE = 30


class Rssm(nn.Module):
    def __init__(self, c, belief, reward_layers, reward_width):
        super().__init__()
        self.belief = belief
        self.encoder = nn.Sequential(nn.Conv2d(3, c, 4, 2), nn.ReLU(), nn.Conv2d(c, 2 * c, 4, 2), nn.ReLU(), nn.Conv2d(2 * c, 4 * c, 4, 2), nn.ReLU(),
                                     nn.Conv2d(4 * c, 8 * c, 4, 2), nn.ReLU(), nn.Flatten())
        self.input = nn.Linear(STATE + 1, belief)
        self.gru = nn.GRUCell(belief, belief)
        self.prior = nn.Sequential(nn.Linear(belief, belief), nn.ReLU(), nn.Linear(belief, 2 * STATE))
        self.posterior = nn.Sequential(nn.Linear(belief + 32 * c, belief), nn.ReLU(), nn.Linear(belief, 2 * STATE))
        self.decoder = nn.Sequential(nn.Linear(belief + STATE, 32 * c), nn.Unflatten(1, (32 * c, 1, 1)), nn.ConvTranspose2d(32 * c, 4 * c, 5, 2), nn.ReLU(),
                                     nn.ConvTranspose2d(4 * c, 2 * c, 5, 2), nn.ReLU(), nn.ConvTranspose2d(2 * c, c, 6, 2), nn.ReLU(),
                                     nn.ConvTranspose2d(c, 3, 6, 2))
        layers = []
        for i in range(reward_layers):
            layers += [nn.Linear(belief + STATE if i == 0 else reward_width, reward_width), nn.ReLU()]
        self.reward = nn.Sequential(*layers, nn.Linear(reward_width, 1))

    def step(self, h, s, action):
        return self.gru(F.relu(self.input(torch.cat([s, action], 1))), h)

    @staticmethod
    def drawn(output):
        mean, deviation = output.chunk(2, 1)
        deviation = F.softplus(deviation) + 0.1
        return mean, deviation, mean + deviation * torch.randn_like(mean)

    def loss(self, frames, actions, rewards, free):
        steps, batch = actions.shape[:2]
        pixels = (((frames.float() / 8).floor() + torch.rand(frames.shape, device=frames.device)) / 32 - 0.5).permute(0, 3, 1, 2)
        embedding = self.encoder(pixels).view(steps, batch, -1)
        h = torch.zeros(batch, self.belief, device=frames.device)
        s = torch.zeros(batch, STATE, device=frames.device)
        kept = []
        for t in range(steps):
            h = self.step(h, s, actions[t])
            p_mean, p_deviation, _ = self.drawn(self.prior(h))
            mean, deviation, s = self.drawn(self.posterior(torch.cat([h, embedding[t]], 1)))
            kept.append((torch.cat([h, s], 1), p_mean, p_deviation, mean, deviation))
        features, p_mean, p_deviation, mean, deviation = (torch.cat(each) for each in zip(*kept))
        observation = (self.decoder(features) - pixels).square().sum() / len(features)
        reward = (self.reward(features).view(-1)[batch:] - rewards.view(-1)[batch:]).square().mean()
        divergence = torch.distributions.kl_divergence(torch.distributions.Normal(mean, deviation), torch.distributions.Normal(p_mean, p_deviation)).sum(1)
        return torch.stack([0.5 * observation + 5 * reward + (divergence - free).clamp(min=0).mean(), observation, reward, divergence.mean()])


def decision(model, picture, horizon, iterations, candidates, elites):
    with torch.no_grad():
        device = picture.device
        embedding = model.encoder((((picture.float() / 8).floor() + torch.rand(picture.shape, device=device)) / 32 - 0.5).permute(0, 3, 1, 2))
        h = model.step(torch.zeros(1, model.belief, device=device), torch.zeros(1, STATE, device=device), torch.zeros(1, 1, device=device))
        _, _, s = model.drawn(model.posterior(torch.cat([h, embedding], 1)))
        mean, deviation = torch.zeros(horizon, 1, 1, device=device), torch.ones(horizon, 1, 1, device=device)
        for _ in range(iterations):
            actions = (mean + deviation * torch.randn(horizon, candidates, 1, device=device)).clamp(-1, 1)
            beliefs, samples = h.expand(candidates, -1), s.expand(candidates, -1)
            features = []
            for t in range(horizon):
                beliefs = model.step(beliefs, samples, actions[t])
                _, _, samples = model.drawn(model.prior(beliefs))
                features.append(torch.cat([beliefs, samples], 1))
            returns = model.reward(torch.cat(features)).view(horizon, candidates).sum(0)
            best = actions[:, returns.topk(elites, sorted=False).indices]
            mean, deviation = best.mean(1, keepdim=True), best.std(1, unbiased=False, keepdim=True) + 1e-6
        return mean[0].cpu()


def timed(name, work, seconds):
    until = time.perf_counter() + 2 * seconds
    times = []
    while len(times) < 4 or time.perf_counter() < until:
        begun = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begun))
    print(f"{name}: {median(times[len(times) // 3:]):.1f} ms, median of {len(times) - len(times) // 3}", flush=True)


def main(size, device, threads, seconds=10):
    torch.set_num_threads(int(threads))
    batch, chunk, channels, belief, reward_layers, reward_width, free, *planner = SIZES[size]
    model = Rssm(channels, belief, reward_layers, reward_width).to(device)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-4)
    frames = torch.randint(0, 256, (chunk * batch, 64, 64, 3), dtype=torch.uint8)
    actions, rewards = torch.rand(chunk, batch, 1) * 2 - 1, torch.rand(chunk, batch)

    def update():
        adam.zero_grad()
        losses = model.loss(frames.to(device), actions.to(device), rewards.to(device), free)
        losses[0].backward()
        losses.tolist()
        nn.utils.clip_grad_norm_(model.parameters(), 1000)
        adam.step()

    print(f"PyTorch {torch.__version__}, {size}, {device}, {threads} threads")
    timed("update", update, float(seconds))
    timed("decision", lambda: decision(model, frames[:1].to(device), *planner), float(seconds))


main(*sys.argv[1:])
