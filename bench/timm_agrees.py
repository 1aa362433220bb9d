"""Compares compiled networks with PyTorch: each variant of timm, freshly initialized.

    python -m venv /tmp/timm && /tmp/timm/bin/pip install torch timm .
    /tmp/timm/bin/python bench/timm_agrees.py

Compiles state dict and module, in train and deploy form and in bfloat16, and fails
where logits differ from PyTorch's by more than 1e-4 of the largest one.
"""
import copy
import sys

import mobileone
import numpy as np
import timm
import torch

print(f"torch {torch.__version__}, timm {timm.__version__}, mobileone {mobileone.__version__}")
failed = False
images = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(2))


def compare(name, source, net):
    global failed
    with torch.no_grad():
        expected = net(images).numpy()
    got = mobileone.compile(source, isa="native")(images)
    error = np.abs(got - expected).max() / np.abs(expected).max()
    failed |= not error < 1e-4
    print(f"{name:28} largest difference {np.abs(got - expected).max():.2e}, relative {error:.2e}",
          flush=True)


for variant in ["s0", "s1", "s2", "s3", "s4"]:
    torch.manual_seed(1)
    net = timm.create_model(f"mobileone_{variant}").eval()
    compare(f"{variant} state dict", net.state_dict(), net)
    compare(f"{variant} module", net, net)
    # What a fresh network has of statistics is 0 and 1: other ones, and another epsilon.
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            module.eps = 1e-3
    compare(f"{variant} module, epsilon 1e-3", net, net)
    fused = timm.utils.reparameterize_model(copy.deepcopy(net))
    compare(f"{variant} module, deploy form", fused, fused)
    if variant == "s0":
        half = copy.deepcopy(net).to(torch.bfloat16)
        compare(f"{variant} module, bfloat16", half, copy.deepcopy(half).float())

for name, flags, text in [
        ("mobileone_s0", {"act_layer": torch.nn.SiLU}, "SiLU"),
        ("mobileone_s0", {"output_stride": 16}, "stride|dilation|padding"),
        ("mobileone_s0", {"global_pool": "max"}, "pooling")]:
    try:
        mobileone.compile(timm.create_model(name, **flags))
        print(f"{name} {flags}: not refused")
        failed = True
    except (ValueError, mobileone.CompileError) as error:
        print(f"{name} {flags}: {error}")
sys.exit(failed)
