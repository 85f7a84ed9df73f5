"""Updates of DDPG, TD3 and SAC in plain PyTorch: microseconds per update, beside OffPolicyBenchmark.

Usage: python3 lib/benchmarks/src/main/python/off_policy.py THREADS [SECONDS]
Needs Python's torch. The networks, losses and Adam are those of worldmodels.rl, written as one would in Python: nn modules, one tensor per part of the
replay, indexed by a batch of random numbers.
"""
import copy
import sys
import time
from statistics import median

import torch
from torch import nn
from torch.nn import functional as F

OBSERVATION, ACTION, BATCH, CAPACITY, FILLED = 12, 3, 256, 100_000, 2000
GAMMA, TAU, RATE = 0.95, 0.05, 1e-3


def mlp(inputs, width, outputs):
    return nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outputs))


class Replay:
    def __init__(self):
        self.s, self.n = torch.randn(CAPACITY, OBSERVATION), torch.randn(CAPACITY, OBSERVATION)
        self.a, self.r, self.c = torch.rand(CAPACITY, ACTION) * 2 - 1, -torch.rand(CAPACITY, 1), torch.ones(CAPACITY, 1)
        self.mean, self.deviation = torch.zeros(OBSERVATION), torch.ones(OBSERVATION)

    def seen(self, x):
        return ((x - self.mean) / self.deviation).clamp(-10, 10)

    def draw(self):
        i = torch.randint(0, FILLED, (BATCH,))
        return self.seen(self.s[i]), self.a[i], self.r[i], self.seen(self.n[i]), self.c[i]


def follow(targets, networks):
    with torch.no_grad():
        for target, network in zip(targets, networks):
            torch._foreach_lerp_(list(target.parameters()), list(network.parameters()), TAU)


def descend(loss, optimiser):
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


def adam(*networks):
    return torch.optim.Adam([p for network in networks for p in network.parameters()], lr=RATE)


def frozen(networks, is_frozen):
    for network in networks:
        network.requires_grad_(not is_frozen)


class Ddpg:
    twins, outputs = 1, ACTION

    def __init__(self, width):
        self.actor = mlp(OBSERVATION, width, self.outputs)
        self.critics = [mlp(OBSERVATION + ACTION, width, 1) for _ in range(self.twins)]
        self.slow_actor, self.slow_critics = copy.deepcopy(self.actor), copy.deepcopy(self.critics)
        self.actor_adam, self.critic_adam = adam(self.actor), adam(*self.critics)
        self.updates = 0

    def q(self, critics, s, a):
        pair = torch.cat([s, a], 1)
        values = [critic(pair) for critic in critics]
        return values[0] if len(values) == 1 else torch.min(*values)

    def next_value(self, n):
        return self.q(self.slow_critics, n, torch.tanh(self.slow_actor(n)))

    def actor_loss(self, s):
        return -self.q(self.critics[:1], s, torch.tanh(self.actor(s))).mean()

    def update(self, s, a, r, n, c, every=1):
        with torch.no_grad():
            wanted = r + GAMMA * c * self.next_value(n)
        pair = torch.cat([s, a], 1)
        descend(sum(F.mse_loss(critic(pair), wanted) for critic in self.critics), self.critic_adam)
        self.updates += 1
        if self.updates % every == 0:
            frozen(self.critics, True)
            descend(self.actor_loss(s), self.actor_adam)
            frozen(self.critics, False)
            follow([self.slow_actor, *self.slow_critics], [self.actor, *self.critics])


class Td3(Ddpg):
    twins = 2

    def next_value(self, n):
        a = torch.tanh(self.slow_actor(n))
        a = (a + (torch.randn_like(a) * 0.2).clamp(-0.5, 0.5)).clamp(-1, 1)
        return self.q(self.slow_critics, n, a)

    def update(self, s, a, r, n, c):
        super().update(s, a, r, n, c, 2)


class Sac(Ddpg):
    twins, outputs = 2, 2 * ACTION

    def __init__(self, width):
        super().__init__(width)
        self.log_alpha = nn.Parameter(torch.zeros(1))
        self.alpha_adam = torch.optim.Adam([self.log_alpha], lr=RATE)

    def drawn(self, s):
        mean, log_deviation = self.actor(s).chunk(2, 1)
        log_deviation = log_deviation.clamp(-20, 2)
        noise = torch.randn_like(mean)
        u = mean + log_deviation.exp() * noise
        density = -0.5 * noise.square() - log_deviation + 2 * (u + F.softplus(-2 * u)) - 2.3052328943
        return torch.tanh(u), density.sum(1, keepdim=True)

    def next_value(self, n):
        a, density = self.drawn(n)
        return self.q(self.slow_critics, n, a) - self.log_alpha.exp() * density

    def actor_loss(self, s):
        a, density = self.drawn(s)
        self.density = density.detach()
        return (self.log_alpha.detach().exp() * density - self.q(self.critics, s, a)).mean()

    def update(self, s, a, r, n, c):
        super().update(s, a, r, n, c)
        descend(-(self.log_alpha * (self.density.mean() - ACTION)).sum(), self.alpha_adam)


def main(threads, seconds=10):
    torch.set_num_threads(int(threads))
    print(f"PyTorch {torch.__version__}, {threads} threads")
    replay = Replay()
    for width in 64, 256:
        for algorithm in Ddpg, Td3, Sac:
            learner, times, until = algorithm(width), [], time.perf_counter() + float(seconds)
            while time.perf_counter() < until:
                begun = time.perf_counter()
                for _ in range(10):
                    learner.update(*replay.draw())
                times.append(1e5 * (time.perf_counter() - begun))
            print(f"{algorithm.__name__.upper()} {width}: {median(times[len(times) // 3:]):.0f} us, median of {len(times) - len(times) // 3} tens", flush=True)


main(*sys.argv[1:])
