"""Small checkpoints as public code bases save them, and what they give in float64.

    code_bases.py write NAME FOLDER                  net.pth or the like, network.json, image.npy;
                                                     both arrays for C: image.bin, expected.bin
    code_bases.py compare NAME OBJECT.json Y.npy...  with code_bases/NAME.json, within 1e-4
    code_bases.py record                             writes code_bases/*.json again

NAME is one of the functions below. The networks have an eighth of the widths, which all of
these code bases take. Keys, their order and what stands around the network are those that
the code base's own classes give, in train form; every number comes from the generator of
make_checkpoint.py. Results are computed branch by branch by reference.py, which knows the
network and nothing of these names.
"""
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "../../Inputs")]
import custom_network
import make_checkpoint
import reference
import tensorfiles

WIDTHS = [8, 16, 32, 64]
NARROW = {"stem": 8, "widths": WIDTHS, "pairs": [1, 2, 2, 1], "branches": 1}
SQUEEZED = {**NARROW, "se_pairs": [0, 0, 1, 1]}

# Modules of a block in the order in which they are made.
APPLE = {"se": ("se.reduce", "se.expand"), "identity": "rbr_skip", "branch": "rbr_conv",
         "scale": "rbr_scale", "norm": "bn"}
MMPRETRAIN = {"se": ("se.conv1.conv", "se.conv2.conv"), "identity": "branch_norm",
              "scale": "branch_scale", "branch": "branch_conv_list", "norm": "norm"}
TIMM = {"identity": "identity", "branch": "conv_kxk", "scale": "conv_scale",
        "se": ("attn.fc1", "attn.fc2"), "norm": "bn"}


class Checkpoint(dict):
    """Arrays by their keys in the file."""

    def __init__(self, network):
        self.network, self.blocks = network, custom_network.list_blocks(network)
        self.own = {}  # those of the network by their names in reference.py
        drawn = make_checkpoint.Tensors()
        for block in self.blocks:
            drawn.add_block(block, deploy=False)
        for key, (shape, values) in drawn.items():
            self.own[key] = np.array(values, np.float32).reshape(shape)

    def add_norm(self, key, source):
        for part in "weight", "bias", "running_mean", "running_var":
            self[f"{key}.{part}"] = self.own[f"{source}.{part}"]
        self[key + ".num_batches_tracked"] = np.array(1000, np.int64)

    def add_conv(self, key, source, norm):
        self[key + ".conv.weight"] = self.own[source + ".conv.weight"]
        self.add_norm(f"{key}.{norm}", source + ".bn")

    def add_network(self, modules, get_path):
        for block in self.blocks:
            path, source = get_path(block.name), block.path
            for part, name in modules.items():
                if part == "se" and block.se:
                    for layer, own in zip(name, ("attn.fc1", "attn.fc2")):
                        for kind in "weight", "bias":
                            self[f"{path}.{layer}.{kind}"] = self.own[f"{source}.{own}.{kind}"]
                if part == "identity" and block.identity:
                    self.add_norm(f"{path}.{name}", source + ".identity")
                if part == "branch":
                    for i in range(block.branches):
                        self.add_conv(f"{path}.{name}.{i}", f"{source}.conv_kxk.{i}",
                                      modules["norm"])
                if part == "scale" and block.scale:
                    self.add_conv(f"{path}.{name}", source + ".conv_scale", modules["norm"])

    def add(self, key, *shape):
        drawn = make_checkpoint.Tensors()
        drawn.add(key, shape, 0.5)
        self[key] = np.array(drawn[key][1], np.float32).reshape(shape)

    def add_layer(self, key, *shape):
        """A convolution or matrix with its bias."""
        self.add(key + ".weight", *shape)
        self.add(key + ".bias", shape[0])

    def compute(self, image, heads):
        """Maps of stem and stages, and what the layers `heads` give."""
        own = {key: value.astype(np.float64) for key, value in self.own.items()}
        x, maps = image.astype(np.float64), {}
        for block in self.blocks:
            x = reference.compute(x, own, block, 1e-5)
            maps[block.name.split(".")[0]] = x
        means = x.mean(axis=(1, 2))
        for name, key in heads.items():
            weight = self[key + ".weight"].astype(np.float64)
            maps[name] = weight @ means + self[key + ".bias"].astype(np.float64)
        return maps


def in_apple(name):
    return name.replace("stem", "stage0")


# Each returns the file's name, its tensors, what stands around them, the names of the
# outputs, and the layers that are heads by their outputs' names.


def add_features(net):
    """timm.create_model(..., features_only=True): FeatureListNet takes the stages out of
    their Sequential, and drops what is behind the last map."""
    def get_path(name):
        if name == "stem":
            return name
        stage, index = name[len("stage"):].split(".")
        return f"stages_{int(stage) - 1}.{index}"
    net.add_network(TIMM, get_path)


def timm_features():
    net = Checkpoint({**SQUEEZED, "branches": 4, "se_rounding": "timm"})
    add_features(net)
    return "net.safetensors", net, None, ["stage1", "stage2", "stage3", "stage4"], {}


def timm_early():
    """With out_indices=(2, 3) there is no stage 4."""
    net = Checkpoint({"stem": 8, "widths": WIDTHS[:3], "pairs": [1, 2, 2], "branches": 1})
    add_features(net)
    return "net.safetensors", net, None, ["stage2", "stage3"], {}


def mmdet_retinanet():
    """RetinaNet of mmdetection with mmpretrain's backbone, as its trainer saves it."""
    net = Checkpoint({**SQUEEZED, "se_rounding": "mmpretrain"})
    net.add_network(MMPRETRAIN, lambda name: "backbone." + in_apple(name))
    for level, width in enumerate(WIDTHS):
        net.add_layer(f"neck.lateral_convs.{level}.conv", 8, width, 1, 1)
    for level in range(5):
        net.add_layer(f"neck.fpn_convs.{level}.conv", 8, 8, 3, 3)
    for convs in "cls_convs", "reg_convs":
        for i in range(2):
            net.add_layer(f"bbox_head.{convs}.{i}.conv", 8, 8, 3, 3)
    net.add_layer("bbox_head.retina_cls", 9 * 4, 8, 3, 3)
    net.add_layer("bbox_head.retina_reg", 9 * 4, 8, 3, 3)
    around = {"meta": {"epoch": 12, "iter": 87960}, "message_hub": {}, "param_schedulers": []}
    return "epoch_12.pth", net, (around, "state_dict"), ["stage1", "stage2", "stage3", "stage4"], {}


def add_unet(net):
    """Unet of segmentation_models_pytorch, whose encoder has Apple's names."""
    net.add_network(APPLE, lambda name: "encoder." + in_apple(name))
    inputs, skips = WIDTHS[-1], [32, 16, 8, 8, 0]
    for i, (skip, outputs) in enumerate(zip(skips, [32, 16, 8, 8, 4])):
        for name, channels in ("conv1", inputs + skip), ("conv2", outputs):
            net.add(f"decoder.blocks.{i}.{name}.0.weight", outputs, channels, 3, 3)
            for part in "weight", "bias", "running_mean", "running_var":
                net.add(f"decoder.blocks.{i}.{name}.1.{part}", outputs)
            net[f"decoder.blocks.{i}.{name}.1.num_batches_tracked"] = np.array(1000, np.int64)
        inputs = outputs
    net.add_layer("segmentation_head.0", 2, inputs, 3, 3)


def smp_unet():
    net = Checkpoint(SQUEEZED)
    add_unet(net)
    return "unet.pth", net, None, ["stem", "stage1", "stage2", "stage3", "stage4"], {}


def smp_classes():
    """The same with aux_params, which add a classifier behind the encoder."""
    net = Checkpoint(SQUEEZED)
    add_unet(net)
    net.add_layer("classification_head.3", 4, WIDTHS[-1])
    return "unet.pth", net, None, ["logits"], {"logits": "classification_head.3"}


def gaze():
    """yakhyo/gaze-estimation: Apple's network with a layer each for bins of yaw and pitch."""
    net = Checkpoint(NARROW)
    net.add_network(APPLE, in_apple)
    for name in "fc_yaw", "fc_pitch":
        net.add_layer(name, 90, WIDTHS[-1])
    around = {"epoch": 9, "optimizer_state_dict": {"state": {}, "param_groups": []}, "loss": 1.25}
    heads = {name: name for name in ("fc_yaw", "fc_pitch")}
    return "checkpoint.ckpt", net, (around, "model_state_dict"), list(heads), heads


def mmpretrain_tasks():
    """An ImageClassifier of mmpretrain with a MultiTaskHead of linear heads."""
    net = Checkpoint({**SQUEEZED, "se_rounding": "mmpretrain"})
    net.add_network(MMPRETRAIN, lambda name: "backbone." + in_apple(name))
    heads = {}
    for task, classes in ("age", 1), ("gender", 2), ("emotion", 7):
        heads[task] = f"head.task_heads.{task}.fc"
        net.add_layer(heads[task], classes, WIDTHS[-1])
    return "epoch_9.pth", net, ({"meta": {"epoch": 9}}, "state_dict"), list(heads), heads


CODE_BASES = {function.__name__: function for function in (
    timm_features, timm_early, mmdet_retinanet, smp_unet, smp_classes, gaze, mmpretrain_tasks)}


def make(name, folder):
    """Writes the files to `folder`, and returns the outputs in float64 by their names."""
    file, net, wrapper, names, heads = CODE_BASES[name]()
    path = os.path.join(folder, file)
    if file.endswith(".safetensors"):
        tensorfiles.save_safetensors(path, net)
    else:
        around, key = wrapper or (None, "state_dict")
        tensorfiles.save_pth(path, net, around, wrapper_key=key)
    with open(os.path.join(folder, "network.json"), "w") as out:
        json.dump(net.network, out)
    image = os.path.join(folder, "image.npy")
    make_checkpoint.write_image(image, 3, 32, 48)
    results = net.compute(np.load(image)[0], heads)
    return {output: results[output] for output in names}


def get_stored(name):
    return os.path.join(HERE, "code_bases", name + ".json")


def load(name):
    with open(get_stored(name)) as file:
        return {output: np.array(values) for output, values in json.load(file).items()}


def write(name, folder):
    results, stored = make(name, folder), load(name)
    assert list(results) == list(stored), (list(results), list(stored))
    for output, values in results.items():
        np.testing.assert_allclose(values, stored[output], rtol=1e-9, atol=1e-12)
    np.load(os.path.join(folder, "image.npy")).tofile(os.path.join(folder, "image.bin"))
    expected = np.concatenate([values.ravel() for values in stored.values()])
    expected.astype(np.float32).tofile(os.path.join(folder, "expected.bin"))


def compare(name, info, *files):
    stored = load(name)
    with open(info) as file:
        outputs = [output["name"] for output in json.load(file)["outputs"]]
    assert outputs == list(stored) and len(files) == len(stored), outputs
    for file, (output, expected) in zip(files, stored.items()):
        values = np.load(file)[0].astype(np.float64)
        assert values.shape == expected.shape, (output, values.shape, expected.shape)
        distance = np.abs(values - expected).max() / np.abs(expected).max()
        print(f"{output}: {distance:.2g} of the largest")
        assert distance <= 1e-4, output


def record():
    import tempfile
    for name in CODE_BASES:
        with tempfile.TemporaryDirectory() as folder:
            results = make(name, folder)
        text = ",\n".join(f'"{output}": {json.dumps(values.tolist())}'
                          for output, values in results.items())
        with open(get_stored(name), "w") as file:
            file.write("{" + text + "}\n")


if __name__ == "__main__":
    {"write": write, "compare": compare, "record": record}[sys.argv[1]](*sys.argv[2:])
