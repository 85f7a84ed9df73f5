"""Writes pytorch_case.json: the MDN-RNN's loss over six Adam steps as Python PyTorch computes it, from given weights and data.

Run with any PyTorch: python3 pytorch_case.py > pytorch_case.json. Everything is computed in float64 from float32 weights.
"""
import json
import numpy as np
import torch

Z, A, H, K, B, T = 3, 2, 6, 2, 4, 7
random = np.random.default_rng(11)


def numbers(*shape):
    return random.integers(-64, 65, shape) / 64.0  # exact in half precision


weights = {
    "lstm.input": numbers(4 * H, Z + A), "lstm.recurrent": numbers(4 * H, H), "lstm.bias": numbers(4 * H),
    "output.weight": numbers(3 * K * Z + 2, H), "output.bias": numbers(3 * K * Z + 2),
}
z, action, reward = numbers(T + 1, B, Z), numbers(T, B, A), numbers(T, B)
end = np.zeros((T, B))
end[T - 1, 2] = 1  # lane 2 ends with its last step, which therefore has no next frame
p = {name: torch.tensor(value, requires_grad=True) for name, value in weights.items()}
x = torch.tensor(np.concatenate([z[:T], action], axis=2))
y, r, d = torch.tensor(z[1:]), torch.tensor(reward), torch.tensor(end)
weight = 1 - d

optimiser = torch.optim.Adam(list(p.values()), lr=0.05)
losses = []
for step in range(6):
    optimiser.zero_grad()
    zero = torch.zeros(1, B, H, dtype=torch.float64)
    h, _, _ = torch.lstm(x, [zero, zero], [p["lstm.input"], p["lstm.recurrent"], p["lstm.bias"], torch.zeros(4 * H, dtype=torch.float64)],
                         True, 1, 0.0, True, False, False)
    out = torch.nn.functional.linear(h, p["output.weight"], p["output.bias"])
    mixtures = out[..., :3 * K * Z].reshape(T, B, 3, K, Z)
    mix = torch.distributions.Categorical(logits=mixtures[:, :, 0].transpose(2, 3))
    parts = torch.distributions.Normal(mixtures[:, :, 1].transpose(2, 3), mixtures[:, :, 2].transpose(2, 3).exp())
    log_likelihood = torch.distributions.MixtureSameFamily(mix, parts).log_prob(y)
    nll = -(log_likelihood * weight[..., None]).sum() / (weight.sum() * Z)
    squared = ((out[..., -2] - r) ** 2).mean()
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(out[..., -1], d)
    loss = nll + 0.5 * squared + 2.0 * entropy
    losses.append([nll.item(), squared.item(), entropy.item(), loss.item()])
    loss.backward()
    torch.nn.utils.clip_grad_value_(list(p.values()), 0.1)
    optimiser.step()

print(json.dumps({
    "pytorch": torch.__version__, "latent": Z, "actions": A, "hidden": H, "mixtures": K, "batch": B, "steps": T,
    "weights": {name: value.ravel().tolist() for name, value in weights.items()},
    "z": z.ravel().tolist(), "action": action.ravel().tolist(), "reward": reward.ravel().tolist(), "end": end.ravel().tolist(),
    "losses": losses,
    "after": {name: value.detach().numpy().ravel().tolist() for name, value in p.items()},
}))
