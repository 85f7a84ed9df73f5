"""Writes pytorch_case.json: five steps of Adam on the ConvVAE in PyTorch, from weights, frames and noise given by formulas.

Made with PyTorch 1.13.1 (Debian 12's python3-torch), float32, one thread: python3 pytorch_case.py > pytorch_case.json
"""
import json

import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def mixed(count, stream):
    """Even numbers in [-1, 1) from a hash of stream and index in 32-bit integers; exact in float64, then rounded to float32."""
    h = (torch.arange(count) + stream * 1000003) * 2654435761 & 0xFFFFFFFF
    h = (h ^ (h >> 16)) * 2246822519 & 0xFFFFFFFF
    h = h ^ (h >> 13)
    return h.double() / 2 ** 31 - 1


LAYERS = [("enc_conv1", (32, 3, 4, 4)), ("enc_conv2", (64, 32, 4, 4)), ("enc_conv3", (128, 64, 4, 4)), ("enc_conv4", (256, 128, 4, 4)),
          ("enc_fc_mu", (32, 1024)), ("enc_fc_log_var", (32, 1024)), ("dec_fc", (1024, 32)), ("dec_deconv1", (1024, 128, 5, 5)),
          ("dec_deconv2", (128, 64, 5, 5)), ("dec_deconv3", (64, 32, 6, 6)), ("dec_deconv4", (32, 3, 6, 6))]
weights = {}
for number, (name, shape) in enumerate(LAYERS):
    deconvolution = name.startswith("dec_deconv")
    count = torch.Size(shape).numel()
    fan_in = count // (shape[1] if deconvolution else shape[0])
    scale = (6 / fan_in) ** 0.5 * (2 if deconvolution else 1)
    weights[name + ".weight"] = (mixed(count, number) * scale).float().reshape(shape).requires_grad_(True)
    weights[name + ".bias"] = (mixed(shape[1] if deconvolution else shape[0], number + 50) * 0.01).float().requires_grad_(True)

BATCH = 4
frames = (torch.arange(BATCH * 64 * 64 * 3) * 7 // 5 % 256).to(torch.uint8).reshape(BATCH, 64, 64, 3)
x = frames.permute(0, 3, 1, 2).float().contiguous() / 255


def layer(operation, name, h, **options):
    return operation(h, weights[name + ".weight"], weights[name + ".bias"], **options)


adam = torch.optim.Adam(weights.values(), lr=1e-4)
rows = []
for step in range(5):
    h = x
    for i in range(1, 5):
        h = F.relu(layer(F.conv2d, f"enc_conv{i}", h, stride=2))
    h = h.reshape(-1, 1024)
    mean, log_variance = layer(F.linear, "enc_fc_mu", h), layer(F.linear, "enc_fc_log_var", h)
    noise = (mixed(BATCH * 32, 100 + step) * 3 ** 0.5).float().reshape(BATCH, 32)
    z = mean + torch.exp(log_variance / 2) * noise
    h = layer(F.linear, "dec_fc", z).reshape(-1, 1024, 1, 1)
    for i in range(1, 4):
        h = F.relu(layer(F.conv_transpose2d, f"dec_deconv{i}", h, stride=2))
    y = torch.sigmoid(layer(F.conv_transpose2d, "dec_deconv4", h, stride=2))
    reconstruction = (x - y).square().sum() / BATCH
    kl = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum(1)
    divergence = torch.clamp(kl, min=0.5 * 32).mean()
    adam.zero_grad()
    (reconstruction + divergence).backward()
    adam.step()
    rows.append({"reconstruction": reconstruction.item(), "divergence": divergence.item()})
print(json.dumps({"steps": rows}, indent=1))
