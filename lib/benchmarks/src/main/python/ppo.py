"""Updates of PPO in plain PyTorch: milliseconds per minibatch of 256, beside PpoBenchmark.

Usage: python3 lib/benchmarks/src/main/python/ppo.py REPORT|SMALL|REPORT_PIXELS [SECONDS]
Needs Python's torch. Networks, Beta policy, loss, gradient norm and Adam are those of worldmodels.rl.Ppo, written as one would in Python: nn modules,
torch.distributions, one tensor for each part of an update, indexed by a shuffled order. One thread; CPU time, which a busy machine leaves alone.
"""
import sys
import time

import torch
from torch import nn
from torch.distributions import Beta

MINIBATCH, ACTIONS, DECISIONS, EPOCHS = 256, 3, 2048, 10
CLIP, VALUE, NORM, RATE = 0.2, 0.5, 0.5, 1e-6


def dense(sizes, activation, outputs):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), activation()]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))


def network(name, outputs):
    if name == "SMALL":
        return dense([288, 64, 64], nn.Tanh, outputs)
    if name == "REPORT":
        return dense([288, 256, 256, 128, 64], nn.ReLU, outputs)
    return nn.Sequential(nn.Conv2d(4, 32, 8, 4), nn.ReLU(), nn.Conv2d(32, 64, 4, 2), nn.ReLU(), nn.Conv2d(64, 64, 3, 1), nn.ReLU(), nn.Flatten(),
                         dense([1024, 400, 400], nn.ReLU, outputs))


def main():
    name = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    torch.set_num_threads(1)
    torch.manual_seed(1)
    actor, critic = network(name, 2 * ACTIONS), network(name, 1)
    parameters = [*actor.parameters(), *critic.parameters()]
    adam = torch.optim.Adam(parameters, lr=RATE, eps=1e-5)
    pictures = name == "REPORT_PIXELS"
    seen = torch.randint(0, 256, (DECISIONS, 64, 64, 4), dtype=torch.uint8) if pictures else torch.randn(DECISIONS, 288)
    x = torch.rand(DECISIONS, ACTIONS) * 0.98 + 0.01
    advantages, returns = torch.randn(DECISIONS), torch.randn(DECISIONS)

    def policy(s):
        alpha, beta = (1 + nn.functional.softplus(actor(s))).chunk(2, 1)
        return Beta(alpha, beta)

    def inputs(i):
        return seen[i].float().div(255).permute(0, 3, 1, 2) if pictures else seen[i]

    @torch.no_grad()
    def once():
        parts = [(inputs(torch.arange(f, f + MINIBATCH)), x[f:f + MINIBATCH]) for f in range(0, DECISIONS, MINIBATCH)]
        return torch.cat([policy(s).log_prob(drawn).sum(1) for s, drawn in parts]), torch.cat([critic(s).flatten() for s, _ in parts])

    def epoch(before):
        order = torch.randperm(DECISIONS)
        for from_ in range(0, DECISIONS, MINIBATCH):
            i = order[from_:from_ + MINIBATCH]
            s = inputs(i)
            distribution = policy(s)
            logratio = distribution.log_prob(x[i]).sum(1) - before[i]
            ratio = logratio.exp()
            a = advantages[i]
            a = (a - a.mean()) / (a.std() + 1e-8)
            gain = torch.min(ratio * a, ratio.clamp(1 - CLIP, 1 + CLIP) * a).mean()
            entropy = distribution.entropy().sum(1).mean()
            error = 0.5 * (critic(s).flatten() - returns[i]).square().mean()
            loss = -gain - 0.0 * entropy + VALUE * error
            with torch.no_grad():
                figures = ((ratio - 1 - logratio).mean().item(), ((ratio - 1).abs() > CLIP).float().mean().item())
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, NORM)
            adam.step()
        return figures

    for phase in (seconds / 2, seconds):
        begin, count = time.process_time(), 0
        while time.process_time() - begin < phase:
            before, _ = once()
            for _ in range(EPOCHS):
                epoch(before)
            count += EPOCHS * DECISIONS // MINIBATCH
        result = (time.process_time() - begin) / count * 1000
    print(f"{name}: {result:.3f} ms of CPU per minibatch of {MINIBATCH}")


main()
