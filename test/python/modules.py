# What a module says and its tensors do not: epsilon is read, and what is not as in
# MobileOne is refused by the module's name.
# RUN: %python %s
import unittest

import fake_torch
import numpy as np
import support

import mobileone


def make_module():
    return fake_torch.make_module(support.make_state())


class ModuleTest(unittest.TestCase):
    def compile(self, module, **flags):
        return mobileone.compile(module, isa="x86-64-v2", **support.FLAGS, **flags)

    def expect(self, path, value, text):
        module = make_module()
        module.set(path, value)
        with self.assertRaises(ValueError) as caught:
            self.compile(module)
        self.assertEqual(str(caught.exception), text)

    def test_module_is_its_state_dict(self):
        image = support.make_images(1)[0]
        dict_model = support.compile_tiny()
        self.assertEqual(self.compile(make_module())(image).tobytes(), dict_model(image).tobytes())

    def test_module_in_a_wrapper(self):
        wrapper = fake_torch.Module(model=make_module(), loss=fake_torch.SiLU())
        self.assertEqual(self.compile(wrapper).info.weights_sha256,
                         support.compile_tiny().info.weights_sha256)

    def test_epsilon_is_read(self):
        module = make_module()
        for _, child in module.named_modules():
            if hasattr(child, "eps"):
                child.eps = 1e-3
        image = support.make_images(1)[0]
        expected = mobileone.compile(support.make_state(), bn_epsilon=1e-3, isa="x86-64-v2",
                                     **support.FLAGS)(image)
        self.assertEqual(self.compile(module)(image).tobytes(), expected.tobytes())
        with self.assertRaisesRegex(ValueError, "^bn_epsilon: expects 0.001, which the module's "
                                                "batch norms have, but got 0.01$"):
            self.compile(module, bn_epsilon=0.01)

    def test_epsilons_differ(self):
        self.expect("stages.1.0.conv_scale.bn.eps", 1e-3,
                    "stem.conv_kxk.0.bn and stages.1.0.conv_scale.bn: expects one epsilon of all "
                    "batch norms, but got 1e-05 and 0.001")

    def test_norm_without_statistics(self):
        self.expect("stem.conv_scale.bn.running_var", None,
                    "stem.conv_scale.bn: expects a batch norm with running statistics, but got "
                    "none of them")

    def test_activations(self):
        rule = "expects sigmoid at the end of a squeeze-and-excitation, and ReLU elsewhere"
        self.expect("stages.1.2.act", fake_torch.SiLU(), f"stages.1.2.act: {rule}, but got SiLU")
        self.expect("stages.1.2.act", fake_torch.Sigmoid(),
                    f"stages.1.2.act: {rule}, but got Sigmoid")
        self.expect("stages.2.0.attn.gate", fake_torch.make_kind("Hardsigmoid")(),
                    f"stages.2.0.attn.gate: {rule}, but got Hardsigmoid")

    def test_pooling(self):
        self.expect("head.global_pool", fake_torch.AdaptiveMaxPool2d(output_size=1),
                    "head.global_pool: expects the mean of all pixels (AdaptiveAvgPool2d(1)), but "
                    "got AdaptiveMaxPool2d")
        self.expect("head.global_pool", fake_torch.AdaptiveAvgPool2d(output_size=(2, 2)),
                    "head.global_pool: expects the mean of all pixels (AdaptiveAvgPool2d(1)), but "
                    "got AdaptiveAvgPool2d (2, 2)")
        self.expect("head.global_pool.pool_type", "catavgmax",
                    "head.global_pool: expects pooling by the mean of all pixels ('avg'), but got "
                    "'catavgmax'")

    def test_geometry(self):
        for path, value, text in [
                ("stem.conv_kxk.0.conv.stride", (1, 1), "stride (2, 2), but got (1, 1)"),
                ("stages.1.0.conv_scale.conv.stride", (1, 1), "stride (2, 2), but got (1, 1)"),
                ("stages.1.2.conv_kxk.0.conv.stride", 2, "stride (1, 1), but got (2, 2)"),
                ("stages.1.2.conv_kxk.0.conv.dilation", (2, 2), "dilation (1, 1), but got (2, 2)"),
                ("stages.1.2.conv_kxk.0.conv.padding", 0, "padding (1, 1), but got (0, 0)"),
                ("stages.1.3.conv_kxk.0.conv.groups", 2, "groups 1, but got 2"),
                ("stages.1.2.conv_kxk.0.conv.padding_mode", "reflect",
                 "padding_mode zeros, but got reflect")]:
            name = path.rpartition(".")[0]
            self.expect(path, value, f"{name}: expects {text}")
        # Two ways to say the same.
        module = make_module()
        module.set("stages.1.2.conv_kxk.0.conv.padding", "same")
        module.set("stages.1.3.conv_kxk.0.conv.padding", "valid")
        self.compile(module)

    def test_tensors(self):
        # bfloat16 is what numpy lacks; float32 holds it. Counters stand beside norms.
        module = make_module()
        values = module.find("head.fc").weight.array.view(np.uint32) & 0xFFFF0000
        values = values.view(np.float32)
        module.set("head.fc.weight", fake_torch.Tensor(values, "bfloat16"))
        module.set("stem.conv_scale.bn.num_batches_tracked",
                   fake_torch.Tensor(np.array(3, np.int64)))
        expected = dict(support.make_state(), **{"head.fc.weight": values})
        image = support.make_images(1)[0]
        self.assertEqual(
            self.compile(module)(image).tobytes(),
            mobileone.compile(expected, isa="x86-64-v2", **support.FLAGS)(image).tobytes())


if __name__ == "__main__":
    unittest.main()
